import { useWords } from "../../i18n/useWords";
import { type Fields, isFields, type Json } from "../tree";
import { today, without } from "./fields";
import { NumberField, OneOf, TextField } from "./Inputs";
import { Raw } from "./Raw";

const UNITS = ["day", "week", "month", "quarter", "year"];
const CALENDARS = UNITS.flatMap((unit) => [`${unit}:this`, `${unit}:last`]);
const CHOICES = ["days", "hours", ...CALENDARS, "since", "between"];

function choiceOf(window: Fields): string | null {
  switch (window.kind) {
    case "rolling":
      return "hours" in window ? "hours" : "days";
    case "calendar":
      return `${window.unit}:${window.which ?? "this"}`;
    case "since":
    case "between":
      return window.kind;
    default:
      return null;
  }
}

function start(choice: string): Fields {
  const [unit = "", which = ""] = choice.split(":");
  if (which) return { kind: "calendar", unit, which };
  if (choice === "since") return { kind: "since", date: today() };
  if (choice === "between") return { kind: "between", start: today(), end: today() };
  return choice === "hours" ? { kind: "rolling", hours: 24 } : { kind: "rolling", days: 30 };
}

interface WindowFormProps {
  window: Json | undefined;
  /** Given undefined for ever. */
  onChange: (window: Fields | undefined) => void;
  /** Whether ever can be chosen too. */
  ever?: boolean;
}

/** Which stretch of time counts. */
export function WindowForm({ window, onChange, ever = true }: WindowFormProps) {
  const { build } = useWords().segments;
  const set = isFields(window) ? window : null;
  const choice = set ? choiceOf(set) : "ever";
  if (set && choice === null) return <Raw label={build.during} onChange={onChange} value={set} />;
  const offered = ever ? ["ever", ...CHOICES] : CHOICES;
  return (
    <div className="fields">
      <OneOf
        choices={offered.map((one) => ({ value: one, label: build.windows[one] ?? one }))}
        label={build.during}
        onChange={(chosen) => onChange(chosen === "ever" ? undefined : start(chosen))}
        value={choice}
        width={150}
      />
      {set ? <Edges onChange={onChange} window={set} /> : null}
    </div>
  );
}

function Edges({ window, onChange }: { window: Fields; onChange: (window: Fields) => void }) {
  const { build } = useWords().segments;
  const set = (name: string) => (value: Json | undefined) => onChange(without(window, name, value));
  switch (window.kind) {
    case "rolling": {
      const unit = "hours" in window ? "hours" : "days";
      return (
        <>
          <NumberField
            label={build[unit]}
            min={1}
            onChange={(value) => onChange({ ...window, [unit]: value ?? null })}
            value={window[unit]}
            whole
            width={90}
          />
          <NumberField
            label={build.agoDays}
            min={0}
            onChange={(value) => set("ago_days")(value || undefined)}
            value={window.ago_days ?? 0}
            whole
            width={110}
          />
        </>
      );
    }
    case "since":
      return (
        <TextField label={build.date} onChange={set("date")} type="date" value={window.date} />
      );
    case "between":
      return (
        <>
          <TextField label={build.start} onChange={set("start")} type="date" value={window.start} />
          <TextField label={build.end} onChange={set("end")} type="date" value={window.end} />
        </>
      );
    default:
      return null;
  }
}
