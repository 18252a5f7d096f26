import { Stack as Column, Group, Text } from "@mantine/core";
import { Link } from "react-router";
import type { Flow, Verdict } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Bar, Stack } from "../ui/Bars";
import { Empty } from "../ui/Empty";
import { Panel } from "../ui/Panel";
import { sumUp, verdictCount } from "./sums";

const VERDICTS: { verdict: Verdict; color: string }[] = [
  { verdict: "allow", color: "pine" },
  { verdict: "hold", color: "honey" },
  { verdict: "skip", color: "clay" },
];

/** Every message under the reason that settled it. */
export function Decisions({ flow }: { flow: Flow }) {
  const words = useWords().flow;
  const { messages } = sumUp(flow);
  if (messages === 0) {
    return (
      <Panel title={words.decisionsTitle}>
        <Empty help={words.decisionsEmptyHelp} icon="decisions" title={words.decisionsEmpty} />
      </Panel>
    );
  }
  const undecided = verdictCount(flow, null);
  const parts = VERDICTS.map(({ verdict, color }) => ({
    key: verdict,
    value: verdictCount(flow, verdict),
    color,
  }));
  return (
    <Panel
      aside={
        <Link className="text-link" to="/guard">
          {words.decisionsAll}
        </Link>
      }
      help={words.decisionsHelp}
      title={words.decisionsTitle}
    >
      <Column gap="lg">
        <Stack parts={[...parts, { key: "none", value: undecided, color: "stone" }]} />
        {VERDICTS.map(({ verdict, color }) => (
          <OneVerdict color={color} flow={flow} key={verdict} verdict={verdict} whole={messages} />
        ))}
        {undecided > 0 ? (
          <Line color="stone" count={undecided} label={words.verdict.none} whole={messages} />
        ) : null}
      </Column>
    </Panel>
  );
}

interface OneVerdictProps {
  flow: Flow;
  verdict: Verdict;
  color: string;
  whole: number;
}

function OneVerdict({ flow, verdict, color, whole }: OneVerdictProps) {
  const words = useWords();
  const format = useFormat();
  const rows = flow.decisions.filter((row) => row.verdict === verdict);
  const count = verdictCount(flow, verdict);
  return (
    <section>
      <Group gap="xs" justify="space-between" mb={4}>
        <Text c={`${color}.8`} fw={700}>
          {words.flow.verdict[verdict]}
        </Text>
        <Text className="number" fw={700}>
          {words.common.messages(format.number(count))}{" "}
          <Text className="soft" component="span" fz="sm">
            {format.share(count, whole)}
          </Text>
        </Text>
      </Group>
      {rows.map((row) =>
        row.reason ? (
          <Link className="row-link" key={row.reason} to={`/customers?reason=${row.reason}`}>
            <Line color={color} count={row.count} label={words.reasons[row.reason]} whole={whole} />
          </Link>
        ) : null,
      )}
    </section>
  );
}

interface LineProps {
  label: string;
  count: number;
  whole: number;
  color: string;
}

function Line({ label, count, whole, color }: LineProps) {
  const format = useFormat();
  return (
    <>
      <Group justify="space-between" mb={4} wrap="nowrap">
        <Text fz="sm">{label}</Text>
        <Text className="number" fz="sm">
          {format.number(count)}
        </Text>
      </Group>
      <Bar color={color} value={count} whole={whole} />
    </>
  );
}
