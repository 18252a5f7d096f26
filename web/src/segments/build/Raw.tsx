import { Textarea } from "@mantine/core";
import { useEffect, useState } from "react";
import { useWords } from "../../i18n/useWords";
import { type Fields, isFields, type Json } from "../tree";

interface RawProps {
  label: string;
  value: Json;
  onChange: (value: Fields) => void;
}

/** Anything without a form of its own, as it is stored: so nothing is lost. */
export function Raw({ label, value, onChange }: RawProps) {
  const { build } = useWords().segments;
  const [typed, setTyped] = useState(() => JSON.stringify(value, null, 2));
  useEffect(() => setTyped((text) => follow(text, value)), [value]);
  const take = (text: string) => {
    setTyped(text);
    const read = readFields(text);
    if (read) onChange(read);
  };
  return (
    <Textarea
      autosize
      className="json"
      error={readFields(typed) ? null : build.jsonKept}
      label={label}
      maxRows={16}
      minRows={3}
      onChange={(event) => take(event.currentTarget.value)}
      spellCheck={false}
      value={typed}
      w="100%"
    />
  );
}

function readFields(text: string): Fields | null {
  try {
    const read = JSON.parse(text) as Json;
    return isFields(read) ? read : null;
  } catch {
    return null;
  }
}

/** What is typed, unless what it means was changed from elsewhere, as by an undo. */
function follow(typed: string, value: Json): string {
  const read = readFields(typed);
  const same = read === null || JSON.stringify(read) === JSON.stringify(value);
  return same ? typed : JSON.stringify(value, null, 2);
}
