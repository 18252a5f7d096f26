import { Text } from "@mantine/core";
import { useFormat } from "../i18n/useFormat";
import { useTitle, useWords } from "../i18n/useWords";
import { Panel } from "../ui/Panel";
import { FigureList } from "./FigureList";
import type { Comparison, JourneyResult } from "./types";

const PERCENT = 100;
const TENTHS = 10;

/** A journey, message by message, and what the holdout says of it. */
export function JourneyPanel({ journey }: { journey: JourneyResult }) {
  const words = useWords().results;
  const format = useFormat();
  const title = useTitle()(journey);
  const { messages, unattributed, comparison } = journey;
  return (
    <Panel title={title}>
      <ul aria-label={title} className="results-messages">
        {messages.map((message) => (
          <li key={message.template}>
            <Text fw={600}>{message.template}</Text>
            <FigureList about={message.template} figures={message.figures} />
          </li>
        ))}
        {messages.length > 1 ? (
          <li className="results-sum">
            <Text fw={700}>{words.sum}</Text>
            <FigureList about={title} figures={journey.figures} />
          </li>
        ) : null}
      </ul>
      {unattributed > 0 ? (
        <Text className="soft" fz="sm" mt="xs">
          {words.unattributed(format.number(unattributed))}
        </Text>
      ) : null}
      {comparison ? <Compared comparison={comparison} /> : null}
    </Panel>
  );
}

function Compared({ comparison }: { comparison: Comparison }) {
  const words = useWords().results;
  const format = useFormat();
  const { lift, low, high } = comparison;
  const share = (part: number, whole: number) =>
    words.share(format.share(part, whole), format.number(part), format.number(whole));
  const points = (value: number) => {
    const rounded = Math.round(value * PERCENT * TENTHS) / TENTHS;
    return rounded > 0 ? `+${format.number(rounded)}` : format.number(rounded);
  };
  return (
    <div className="results-holdout">
      <Text component="h3" fw={700} fz="sm">
        {words.holdout}
      </Text>
      {lift === null || low === null || high === null ? (
        <Text fz="sm">{words.oneSided}</Text>
      ) : (
        <>
          <Text fw={600} fz="sm">
            {comparison.tells ? (lift > 0 ? words.helps : words.harms) : words.untold}
          </Text>
          <Text className="soft" fz="sm">
            {words.shares(
              share(comparison.others_converted, comparison.others),
              share(comparison.held_out_converted, comparison.held_out),
            )}{" "}
            {words.difference(points(lift), points(low), points(high))}
          </Text>
        </>
      )}
    </div>
  );
}
