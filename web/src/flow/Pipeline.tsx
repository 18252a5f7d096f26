import type { Flow } from "../api/types";
import { type Format, useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import type { Words } from "../i18n/words";
import { Icon } from "../ui/Icon";
import { receiptCount, sum, sumUp, verdictCount } from "./sums";

const STAGES = [
  "events",
  "customers",
  "segments",
  "journeys",
  "decisions",
  "deliveries",
  "receipts",
] as const;

type Stage = (typeof STAGES)[number];

/** The seven stages a customer's day flows through, each with its number. */
export function Pipeline({ flow }: { flow: Flow }) {
  const words = useWords().flow;
  const format = useFormat();
  const shown = describe(flow, words, format);
  return (
    <ol aria-label={words.pipeline} className="pipeline">
      {STAGES.map((stage) => (
        <li className="stage" key={stage}>
          <span className="stage-icon">
            <Icon name={stage} />
          </span>
          <span className="stage-name">
            <strong>{words.stage[stage]}</strong>
            <span className="soft">{words.hint[stage]}</span>
          </span>
          <span className="stage-number number" data-testid={`stage-${stage}`}>
            {format.number(shown[stage].number)}
          </span>
          <span className="stage-caption soft number">{shown[stage].caption}</span>
        </li>
      ))}
    </ol>
  );
}

function describe(
  flow: Flow,
  { caption }: Words["flow"],
  { number }: Format,
): Record<Stage, { number: number; caption: string }> {
  const sums = sumUp(flow);
  return {
    events: { number: sums.events, caption: caption.events(number(flow.events.length)) },
    customers: {
      number: flow.customers.total,
      caption: caption.customers(number(flow.customers.reachable)),
    },
    segments: { number: sums.members, caption: caption.segments(number(flow.segments.length)) },
    journeys: { number: sums.inJourney, caption: caption.journeys(number(sums.enrolled)) },
    decisions: {
      number: sums.decided,
      caption: caption.decisions(number(verdictCount(flow, "allow"))),
    },
    deliveries: { number: sums.accepted, caption: caption.deliveries(number(sums.troubled)) },
    receipts: {
      number: sum(flow.receipts, (row) => row.count),
      caption: caption.receipts(number(receiptCount(flow, "clicked"))),
    },
  };
}
