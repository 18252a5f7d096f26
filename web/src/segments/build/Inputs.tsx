import { Autocomplete, NumberInput, Select, TagsInput, Text, TextInput } from "@mantine/core";
import { type CSSProperties, useState } from "react";
import { useWords } from "../../i18n/useWords";
import type { Json } from "../tree";

/** How wide a field is where there is room; see .field. */
function wide(pixels: number): CSSProperties {
  return { "--wide": `${pixels}px` } as CSSProperties;
}

interface Choice {
  value: string;
  label: string;
}

interface ChoiceProps {
  label: string;
  value: Json | undefined;
  choices: readonly Choice[] | readonly { group: string; items: Choice[] }[];
  onChange: (value: string) => void;
  width?: number;
}

/** One of several; what is set stays a choice even where nobody offers it any more. */
export function OneOf({ label, value, choices, onChange, width = 170 }: ChoiceProps) {
  const set = typeof value === "string" ? value : "";
  const flat = choices.flatMap((one) => ("items" in one ? one.items : [one]));
  const data = [...choices] as (Choice | { group: string; items: Choice[] })[];
  if (set && !flat.some((one) => one.value === set)) data.push({ value: set, label: set });
  return (
    <Select
      allowDeselect={false}
      className="field"
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
      data={data}
      label={label}
      maxDropdownHeight={320}
      onChange={(chosen) => chosen !== null && onChange(chosen)}
      style={wide(width)}
      value={set || null}
      withAlignedLabels
    />
  );
}

interface SuggestProps {
  label: string;
  value: Json | undefined;
  names: readonly string[];
  onChange: (value: string) => void;
  description?: string;
  placeholder?: string;
}

/** A name: one that came in, or one that will. Events may be looked for in the reader's words. */
export function Suggest({ label, value, names, onChange, placeholder = "" }: SuggestProps) {
  const { events, segments } = useWords();
  const shown = (name: string) => events[name] ?? segments.build.known[name];
  return (
    <Autocomplete
      className="field"
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
      data={[...new Set(names)]}
      filter={({ options, search }) => {
        const sought = search.trim().toLowerCase();
        if (names.includes(search)) return options;
        return options.filter(
          (one) =>
            "value" in one &&
            `${one.value} ${shown(one.value) ?? ""}`.toLowerCase().includes(sought),
        );
      }}
      label={label}
      maxDropdownHeight={320}
      onChange={onChange}
      placeholder={placeholder}
      renderOption={({ option }) => (
        <span>
          {option.value}
          {shown(option.value) && shown(option.value) !== option.value ? (
            <Text className="soft" component="span" fz="xs">
              {" "}
              {shown(option.value)}
            </Text>
          ) : null}
        </span>
      )}
      style={wide(210)}
      value={typeof value === "string" ? value : ""}
    />
  );
}

interface NumberProps {
  label: string;
  value: Json | undefined;
  onChange: (value: number | undefined) => void;
  whole?: boolean;
  min?: number;
  width?: number;
}

/** A number, or none while it is being written. */
export function NumberField({ label, value, onChange, whole, min, width = 120 }: NumberProps) {
  return (
    <NumberInput
      allowDecimal={!whole}
      className="field"
      decimalScale={4}
      label={label}
      {...(min === undefined ? {} : { min, clampBehavior: "blur" as const })}
      onChange={(typed) => onChange(typeof typed === "number" ? typed : undefined)}
      style={wide(width)}
      thousandSeparator=","
      value={typeof value === "number" ? value : ""}
    />
  );
}

interface TextProps {
  label: string;
  value: Json | undefined;
  onChange: (value: string) => void;
  type?: "text" | "date";
}

export function TextField({ label, value, onChange, type = "text" }: TextProps) {
  return (
    <TextInput
      className="field"
      label={label}
      onChange={(event) => onChange(event.currentTarget.value)}
      style={wide(type === "date" ? 155 : 200)}
      type={type}
      value={typeof value === "string" ? value : ""}
    />
  );
}

interface ValuesProps {
  label: string;
  value: Json | undefined;
  onChange: (values: Json[]) => void;
  numbers: boolean;
  offered?: readonly string[] | undefined;
}

/** Several texts or numbers. */
export function ValuesField({ label, value, onChange, numbers, offered }: ValuesProps) {
  const { build } = useWords().segments;
  const [typed, setTyped] = useState("");
  const set = Array.isArray(value) ? value.map(String) : [];
  return (
    <TagsInput
      acceptValueOnBlur
      className="field"
      data={[...(offered ?? [])]}
      label={label}
      onChange={(given) => onChange(numbers ? given.map(Number).filter(Number.isFinite) : given)}
      onSearchChange={setTyped}
      placeholder={set.length === 0 ? build.valuesHelp : ""}
      searchValue={typed}
      style={wide(280)}
      value={set}
    />
  );
}
