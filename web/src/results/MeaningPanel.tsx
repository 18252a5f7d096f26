import { useWords } from "../i18n/useWords";
import { Panel } from "../ui/Panel";

const FIGURES = [
  "sent",
  "failed",
  "delivered",
  "opened",
  "clicked",
  "left",
  "complained",
  "replied",
  "cost",
  "conversions",
  "each",
  "revenue",
] as const;

/** What every figure counts, and what it does not. */
export function MeaningPanel() {
  const { meaning, meanings, figure } = useWords().results;
  return (
    <Panel title={meaning}>
      <dl className="results-meanings">
        {FIGURES.map((one) => (
          <div key={one}>
            <dt>{figure[one]}</dt>
            <dd>{meanings[one]}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
