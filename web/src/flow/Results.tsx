import { Group, Stack, Text } from "@mantine/core";
import type { Flow } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Bar } from "../ui/Bars";
import { Empty } from "../ui/Empty";
import { Panel } from "../ui/Panel";
import { sumUp } from "./sums";

const GOOD = new Set(["delivered", "opened", "clicked", "replied"]);

/** What became of the messages that were handed over. */
export function Results({ flow }: { flow: Flow }) {
  const words = useWords().flow;
  const { accepted } = sumUp(flow);
  const others = flow.deliveries.filter((row) => row.state !== "accepted");
  if (flow.deliveries.length === 0) {
    return (
      <Panel title={words.resultsTitle}>
        <Empty help={words.resultsEmptyHelp} icon="deliveries" title={words.resultsEmpty} />
      </Panel>
    );
  }
  return (
    <Panel help={words.resultsHelp} title={words.resultsTitle}>
      <Stack gap="sm">
        <Share color="pine" count={accepted} label={words.accepted} whole={accepted} />
        {flow.receipts.map((row) => (
          <Share
            color={GOOD.has(row.kind) ? "pine" : "clay"}
            count={row.count}
            key={row.kind}
            label={words.receipt[row.kind]}
            whole={accepted}
          />
        ))}
      </Stack>
      {others.length > 0 ? <Others rows={others} /> : null}
    </Panel>
  );
}

function Share(props: { label: string; count: number; whole: number; color: string }) {
  const format = useFormat();
  return (
    <div>
      <Group justify="space-between" mb={4} wrap="nowrap">
        <Text fz="sm">{props.label}</Text>
        <Text className="number" fz="sm">
          {format.number(props.count)}{" "}
          <span className="soft">{format.share(props.count, props.whole)}</span>
        </Text>
      </Group>
      <Bar color={props.color} value={props.count} whole={props.whole} />
    </div>
  );
}

function Others({ rows }: { rows: Flow["deliveries"] }) {
  const words = useWords().flow;
  const format = useFormat();
  return (
    <>
      <Text fw={700} fz="sm" mb={4} mt="lg">
        {words.deliveryTrouble}
      </Text>
      {rows.map((row) => (
        <Group justify="space-between" key={row.state} py={2}>
          <Text fz="sm">{words.delivery[row.state]}</Text>
          <Text className="number" fz="sm">
            {format.number(row.count)}
          </Text>
        </Group>
      ))}
    </>
  );
}
