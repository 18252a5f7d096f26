import type { Flow } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";

/** What time Dangol believes it is, and whether it keeps up. */
export function Pulse({ flow }: { flow: Flow }) {
  const { flow: words } = useWords();
  const format = useFormat();
  const behind = flow.pulse.events_waiting;
  return (
    <div className="pulse">
      <span className={behind > 0 ? "pulse-dot pulse-busy" : "pulse-dot"} />
      <span>
        <strong>{flow.pulse.simulated ? words.simulated : words.live}</strong>{" "}
        <time className="number" dateTime={flow.now}>
          {format.day(flow.now)} {format.time(flow.now)}
        </time>
        <span className="soft">
          {" "}
          · {behind > 0 ? words.behind(format.number(behind)) : words.keepingUp}
        </span>
      </span>
    </div>
  );
}
