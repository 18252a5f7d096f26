import { Text } from "@mantine/core";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { wordsOf } from "./names";
import type { Vendor } from "./types";

// Turns without an answer after which a vendor rests (channels/rates.py).
const FAILURES_MAX = 3;

/** What there is to say of a vendor beside its numbers: why it waits, what went wrong last. */
export function VendorNotes({ vendor }: { vendor: Vendor }) {
  const words = useWords().sending;
  const format = useFormat();
  const fault = vendor.last_fault;
  const said = fault ? wordsOf(fault) : "";
  return (
    <div className="sending-notes">
      {vendor.is_set ? null : <Text fz="sm">{words.vendors.gone}</Text>}
      <Standing vendor={vendor} />
      {vendor.health === "well" && vendor.failures > 0 ? (
        <Text fz="sm">
          {words.vendors.failures(format.number(vendor.failures), format.number(FAILURES_MAX))}
        </Text>
      ) : null}
      {fault ? (
        <Text fz="sm">
          <span className="soft">{words.vendors.last(format.moment(fault.settled_at))}</span>{" "}
          {words.fault[fault.fault ?? "unknown"]}
          {said ? <code className="sending-said">{said}</code> : null}
        </Text>
      ) : null}
      {vendor.parked_reports > 0 ? (
        <Text fz="sm">{words.vendors.parked(format.number(vendor.parked_reports))}</Text>
      ) : null}
    </div>
  );
}

function Standing({ vendor }: { vendor: Vendor }) {
  const words = useWords().sending.vendors;
  const format = useFormat();
  if (vendor.health === "paused") {
    const when = vendor.paused_at ? format.moment(vendor.paused_at) : "";
    return (
      <>
        <Text fz="sm">{words.paused(vendor.paused_because ?? "", when)}</Text>
        <Text fz="sm">{words.pausedHelp}</Text>
      </>
    );
  }
  const until = vendor.rests_until ? format.time(vendor.rests_until) : "";
  const said = {
    well: "",
    slowed: words.slowed(format.number(vendor.slowed_to ?? 0)),
    rests: words.rests(format.number(vendor.failures), until),
    tried: words.tried,
  }[vendor.health];
  return said ? <Text fz="sm">{said}</Text> : null;
}
