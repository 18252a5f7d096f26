import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Panel } from "../ui/Panel";
import { Refused } from "../ui/Refused";
import { HealthBadge } from "./HealthBadge";
import { LimitDialog } from "./LimitDialog";
import { News, type Said } from "./News";
import { useRate, useVendorName } from "./names";
import { useLimitReceiver } from "./queries";
import type { Receiver, Vendor } from "./types";

interface ReceiversPanelProps {
  vendor: Vendor;
  may: boolean;
}

const NEW = { domain: "", per_second: null };

/** The receivers that have a limit or rest; one change of a limit can be taken back. */
export function ReceiversPanel({ vendor, may }: ReceiversPanelProps) {
  const words = useWords().sending;
  const name = useVendorName();
  const rate = useRate();
  const [said, say] = useState<Said | null>(null);
  const [asked, ask] = useState<Pick<Receiver, "domain" | "per_second"> | null>(null);
  const limit = useLimitReceiver();
  const put = (domain: string, perSecond: number | null) =>
    limit.mutateAsync({ name: vendor.name, domain, per_second: perSecond });
  const change = async (domain: string, perSecond: number | null) => {
    const page = await put(domain, perSecond);
    ask(null);
    const before = known(vendor, domain)?.per_second ?? null;
    const after = page.vendors.find((one) => one.name === vendor.name);
    // A receiver of several domains is known by the first of them.
    const added = after?.receivers.find((one) => !known(vendor, one.domain));
    const called = known(vendor, domain) ? domain : (added?.domain ?? domain);
    const text =
      perSecond === null
        ? words.receivers.removed(called)
        : words.receivers.limited(called, rate(perSecond));
    const undo = () =>
      put(domain, before).then(
        () => say({ text: words.undone }),
        () => undefined,
      );
    say({ text, undo });
  };
  return (
    <Panel
      aside={
        may ? (
          <Button flex="none" onClick={() => ask(NEW)} size="compact-md" variant="light">
            {words.receivers.add}
          </Button>
        ) : null
      }
      help={words.receivers.help}
      title={words.receivers.by(name(vendor))}
    >
      <News pending={limit.isPending} said={said} />
      <Refused error={asked ? null : limit.error} title={words.failed} />
      {vendor.receivers.length === 0 ? (
        <Text className="soft" fz="sm">
          {words.receivers.empty}
        </Text>
      ) : null}
      <ul
        aria-label={words.receivers.by(name(vendor))}
        className="sending-list"
        hidden={vendor.receivers.length === 0}
      >
        {vendor.receivers.map((receiver) => (
          <OneReceiver
            change={may ? () => ask(receiver) : undefined}
            key={receiver.domain}
            receiver={receiver}
            remove={
              may && receiver.per_second !== null
                ? () => change(receiver.domain, null).catch(() => undefined)
                : undefined
            }
          />
        ))}
      </ul>
      <LimitDialog
        close={() => ask(null)}
        domain={asked?.domain ?? ""}
        error={limit.error}
        limit={asked?.per_second ?? null}
        opened={asked !== null}
        save={(value, domain) => change(domain, value)}
        title={asked?.domain ? words.receivers.changeOne(asked.domain) : words.receivers.add}
      />
    </Panel>
  );
}

function known(vendor: Vendor, domain: string): Receiver | undefined {
  return vendor.receivers.find((one) => one.domain === domain);
}

interface OneReceiverProps {
  receiver: Receiver;
  change: (() => void) | undefined;
  remove: (() => void) | undefined;
}

function OneReceiver({ receiver, change, remove }: OneReceiverProps) {
  const words = useWords().sending.receivers;
  const format = useFormat();
  const rate = useRate();
  const failures = format.number(receiver.failures);
  const until = receiver.rests_until ? format.time(receiver.rests_until) : "";
  return (
    <li>
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <Text fw={700}>{receiver.domain}</Text>
          {receiver.health === "well" ? null : <HealthBadge health={receiver.health} />}
          <Text className="soft number" fz="sm">
            {receiver.per_second === null ? words.noLimit : rate(receiver.per_second)}
          </Text>
        </Group>
        <Group gap={4}>
          {change ? (
            <Button
              aria-label={words.changeOne(receiver.domain)}
              onClick={change}
              size="compact-sm"
              variant="default"
            >
              {receiver.per_second === null ? words.add : words.change}
            </Button>
          ) : null}
          {remove ? (
            <Button
              aria-label={words.removeOne(receiver.domain)}
              color="clay"
              onClick={remove}
              size="compact-sm"
              variant="subtle"
            >
              {words.remove}
            </Button>
          ) : null}
        </Group>
      </Group>
      {receiver.health === "rests" ? <Text fz="sm">{words.rests(failures, until)}</Text> : null}
      {receiver.health === "tried" ? <Text fz="sm">{words.tried(failures)}</Text> : null}
    </li>
  );
}
