import { Text } from "@mantine/core";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Panel } from "../ui/Panel";
import type { Lane, Vendor } from "./types";

interface LanesPanelProps {
  lanes: Lane[];
  vendors: Vendor[];
}

/** What waits for vendors: vendors of one channel take from the same lanes. */
export function LanesPanel({ lanes, vendors }: LanesPanelProps) {
  const words = useWords().sending.lanes;
  if (lanes.length === 0) {
    return (
      <Panel title={words.title}>
        <Text className="soft" fz="sm">
          {words.empty}
        </Text>
      </Panel>
    );
  }
  return (
    <Panel help={words.help} title={words.title}>
      <table aria-label={words.title} className="sending-table">
        <thead>
          <tr>
            <th scope="col">{words.channel}</th>
            <th scope="col">{words.waiting}</th>
            <th scope="col">{words.oldest}</th>
          </tr>
        </thead>
        <tbody>
          {lanes.map((lane) => (
            <Line
              carried={vendors.some((one) => one.is_set && one.channels.includes(lane.channel))}
              key={`${lane.channel} ${lane.purpose}`}
              lane={lane}
            />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function Line({ lane, carried }: { lane: Lane; carried: boolean }) {
  const words = useWords();
  const format = useFormat();
  const { lanes } = words.sending;
  return (
    <tr>
      <td>
        {words.customer.channel[lane.channel]}
        <Text className="soft" fz="sm">
          {words.customer.purpose[lane.purpose]}
        </Text>
        {carried ? null : (
          <Text className="sending-wrong" fz="sm">
            {lanes.none}
          </Text>
        )}
      </td>
      <td className="number">
        {words.common.messages(format.number(lane.waiting))}
        {lane.later > 0 ? (
          <Text className="soft" fz="xs">
            {lanes.later(format.number(lane.later))}
          </Text>
        ) : null}
      </td>
      <td className="number soft">{lane.oldest_at ? format.moment(lane.oldest_at) : "–"}</td>
    </tr>
  );
}
