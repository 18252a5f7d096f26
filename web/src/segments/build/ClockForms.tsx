import { Checkbox } from "@mantine/core";
import { useWords } from "../../i18n/useWords";
import type { Fields, Json } from "../tree";
import { OneOf } from "./Inputs";

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour));
const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

export const NEW_HOURS: Fields = { kind: "hour", first: 18, last: 22 };
export const NEW_WEEKDAYS: Fields = { kind: "weekday", days: ["saturday", "sunday"] };

interface ClockProps {
  filter: Fields;
  onChange: (filter: Fields) => void;
}

function shown(hour: string, minutes: string): string {
  return `${hour.padStart(2, "0")}:${minutes}`;
}

/** In which hours of the day, by the shop's clocks; from 22 to 5 is a night. */
export function HourForm({ filter, onChange }: ClockProps) {
  const { build } = useWords().segments;
  const choose = (name: string, minutes: string) => (
    <OneOf
      choices={HOURS.map((hour) => ({ value: hour, label: shown(hour, minutes) }))}
      label={name === "first" ? build.fromHour : build.toHour}
      onChange={(hour) => onChange({ ...filter, [name]: Number(hour) })}
      value={typeof filter[name] === "number" ? String(filter[name]) : undefined}
      width={110}
    />
  );
  return (
    <>
      {choose("first", "00")}
      {choose("last", "59")}
    </>
  );
}

/** On which days of the week, by the shop's calendar. */
export function WeekdayForm({ filter, onChange }: ClockProps) {
  const { build } = useWords().segments;
  const set: Json[] = Array.isArray(filter.days) ? filter.days : [];
  // As the week goes, in whichever order they were ticked.
  const give = (days: string[]) =>
    onChange({ ...filter, days: WEEKDAYS.filter((day) => days.includes(day)) });
  return (
    <Checkbox.Group label={build.weekdays} onChange={give} value={set.map(String)}>
      <div className="days">
        {WEEKDAYS.map((day) => (
          <Checkbox key={day} label={build.weekday[day]} value={day} />
        ))}
      </div>
    </Checkbox.Group>
  );
}
