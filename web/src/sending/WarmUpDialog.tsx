import { Button, Group, NumberInput, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useWords } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";
import { Refused } from "../ui/Refused";
import type { WarmUp, WarmUpWish } from "./types";

const FIRST: WarmUpWish = { start: 200, growth: 1.5, goal: 50_000, day: 1, taken: 0, on: null };
const MOST_A_DAY = 100_000_000;
const MOST_GROWTH = 10;

interface FormProps {
  stood: WarmUp | null;
  error: unknown;
  save: (wish: WarmUpWish) => Promise<void>;
  close: () => void;
}

interface WarmUpDialogProps extends FormProps {
  opened: boolean;
  title: string;
}

/** Asks with how few a new sender begins, and how it grows. */
export function WarmUpDialog({ opened, title, ...form }: WarmUpDialogProps) {
  return (
    <Dialog onClose={form.close} opened={opened} title={title}>
      {opened ? <Form {...form} /> : null}
    </Dialog>
  );
}

function Form({ stood, error, save, close }: FormProps) {
  const words = useWords().sending;
  const [wish, setWish] = useState<WarmUpWish>(stood ? { ...stood } : FIRST);
  const [pending, setPending] = useState(false);
  const { start, growth, goal } = wish;
  const wrong = {
    growth: !(growth > 1 && growth <= MOST_GROWTH),
    goal: !(goal > start && goal <= MOST_A_DAY),
  };
  const set = (part: keyof WarmUpWish) => (typed: number | string) =>
    setWish({ ...wish, [part]: Number(typed) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (start < 1 || wrong.growth || wrong.goal) return;
    setPending(true);
    const { day, taken, on } = stood ?? FIRST;
    save({ start, growth, goal, day, taken, on: on ?? null })
      .catch(() => undefined)
      .finally(() => setPending(false));
  };
  return (
    <form noValidate onSubmit={submit}>
      <Stack gap="md">
        {stood ? (
          <Text className="soft" fz="sm">
            {words.warmUp.keeps}
          </Text>
        ) : null}
        <Field
          error={start < 1 ? words.vendors.bad : undefined}
          label={words.warmUp.start}
          onChange={set("start")}
          value={start}
        />
        <Field
          decimals={2}
          error={wrong.growth ? words.warmUp.growthHint : undefined}
          hint={words.warmUp.growthHint}
          label={words.warmUp.growth}
          onChange={set("growth")}
          value={growth}
        />
        <Field
          error={wrong.goal ? words.warmUp.goalHint : undefined}
          label={words.warmUp.goal}
          onChange={set("goal")}
          value={goal}
        />
        <Refused error={error} title={words.failed} />
        <Group justify="flex-end">
          <Button onClick={close} variant="default">
            {words.cancel}
          </Button>
          <Button loading={pending} type="submit">
            {words.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface FieldProps {
  label: string;
  value: number;
  onChange: (value: number | string) => void;
  hint?: string;
  error?: string | undefined;
  decimals?: number;
}

function Field({ label, value, onChange, hint, error, decimals = 0 }: FieldProps) {
  return (
    <NumberInput
      allowDecimal={decimals > 0}
      allowNegative={false}
      decimalScale={decimals}
      description={error ? undefined : hint}
      error={error}
      inputWrapperOrder={["label", "input", "description", "error"]}
      label={label}
      max={MOST_A_DAY}
      onChange={onChange}
      thousandSeparator=","
      value={value}
    />
  );
}
