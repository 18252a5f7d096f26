import { Button, Group, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useWords } from "../i18n/useWords";
import { type Days, daysOf, PRESETS } from "./days";

interface PeriodFormProps {
  days: Days;
  today: string;
  choose: (days: Days) => void;
}

/** Which days: one of the usual lengths at a press, or any two. */
export function PeriodForm({ days, today, choose }: PeriodFormProps) {
  const words = useWords().results;
  const [wish, setWish] = useState(days);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    choose(wish);
  };
  return (
    <section aria-label={words.period} className="results-period">
      <Group gap={6}>
        {PRESETS.map((preset) => {
          const those = daysOf(preset, today);
          const chosen = those.first === days.first && those.last === days.last;
          return (
            <Button
              aria-pressed={chosen}
              key={preset}
              onClick={() => choose(those)}
              size="compact-md"
              variant={chosen ? "light" : "default"}
            >
              {words.preset[preset]}
            </Button>
          );
        })}
      </Group>
      <form onSubmit={submit}>
        <Group align="flex-end" gap="xs">
          <TextInput
            label={words.first}
            max={wish.last}
            onChange={(event) => setWish({ ...wish, first: event.currentTarget.value })}
            required
            size="xs"
            type="date"
            value={wish.first}
            withAsterisk={false}
          />
          <TextInput
            label={words.last}
            min={wish.first}
            onChange={(event) => setWish({ ...wish, last: event.currentTarget.value })}
            required
            size="xs"
            type="date"
            value={wish.last}
            withAsterisk={false}
          />
          <Button size="xs" type="submit" variant="light">
            {words.show}
          </Button>
        </Group>
      </form>
    </section>
  );
}
