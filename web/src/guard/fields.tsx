import { NumberInput, TextInput } from "@mantine/core";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";

const LARGEST = 1_000_000;

interface NumberFieldProps {
  label: string;
  hint?: string;
  value: number;
  onChange: (value: number) => void;
  min?: number;
  max?: number;
  decimals?: number;
}

/** A number within its bounds; what is no number yet changes nothing. */
export function NumberField({
  label,
  hint,
  value,
  onChange,
  min = 1,
  max = LARGEST,
  decimals = 0,
}: NumberFieldProps) {
  const words = useWords().guard.limits;
  const format = useFormat();
  const within = value >= min && value <= max;
  return (
    <NumberInput
      allowDecimal={decimals > 0}
      allowNegative={false}
      clampBehavior="blur"
      decimalScale={decimals}
      description={hint}
      error={within ? undefined : words.between(format.number(min), format.number(max))}
      inputWrapperOrder={["label", "input", "description", "error"]}
      label={label}
      max={max}
      min={min}
      onChange={(typed) => {
        if (typeof typed === "number") onChange(typed);
      }}
      required
      value={value}
      withAsterisk={false}
    />
  );
}

interface ClockFieldProps {
  label: string;
  hint?: string;
  value: string;
  onChange: (value: string) => void;
}

/** A time of day. */
export function ClockField({ label, hint, value, onChange }: ClockFieldProps) {
  return (
    <TextInput
      description={hint}
      inputWrapperOrder={["label", "input", "description", "error"]}
      label={label}
      onChange={(event) => onChange(event.currentTarget.value)}
      required
      type="time"
      value={value}
      withAsterisk={false}
    />
  );
}
