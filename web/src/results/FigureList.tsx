import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import type { Figures } from "./types";

/** What some messages came to; what it cost in customers stands beside who clicked. */
export function FigureList({ figures, about }: { figures: Figures; about: string }) {
  const words = useWords().results;
  const format = useFormat();
  const count = (value: number) => format.number(value);
  const share = (value: number) => (value > 0 ? format.share(value, figures.sent) : "");
  const won = (value: number) => format.money(String(value), "KRW");
  const { figure } = words;
  const others = Object.entries(figures.other_revenue)
    .map(([currency, amount]) => format.money(String(amount), currency))
    .join(", ");
  const each = figures.cost_per_conversion;
  return (
    <dl aria-label={words.figures(about)} className="results-figures">
      <Fact
        label={figure.sent}
        loss={figures.failed > 0 ? `${figure.failed} ${count(figures.failed)}` : ""}
        value={count(figures.sent)}
      />
      <Fact
        aside={share(figures.delivered)}
        label={figure.delivered}
        value={count(figures.delivered)}
      />
      <Fact aside={share(figures.opened)} label={figure.opened} value={count(figures.opened)} />
      <Fact aside={share(figures.clicked)} label={figure.clicked} value={count(figures.clicked)} />
      <Fact
        aside={share(figures.unsubscribed)}
        label={figure.left}
        loss={figures.complained > 0 ? `${figure.complained} ${count(figures.complained)}` : ""}
        lost={figures.unsubscribed > 0}
        value={count(figures.unsubscribed)}
      />
      <Fact label={figure.replied} value={count(figures.replied)} />
      <Fact label={figure.cost} value={won(figures.cost)} />
      <Fact label={figure.conversions} value={count(figures.conversions)} />
      <Fact label={figure.each} value={each === null ? "–" : won(each)} />
      <Fact aside={others} label={figure.revenue} value={won(figures.revenue)} />
    </dl>
  );
}

interface FactProps {
  label: string;
  value: string;
  aside?: string;
  /** What was lost beside it, in words. */
  loss?: string;
  /** Whether it is itself a loss. */
  lost?: boolean;
}

function Fact({ label, value, aside = "", loss = "", lost = false }: FactProps) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className={lost ? "number results-lost" : "number"}>
        {value} {aside ? <span className="soft">{aside}</span> : null}
        {loss ? <span className="results-loss">{loss}</span> : null}
      </dd>
    </div>
  );
}
