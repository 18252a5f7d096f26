import type { Fields, Json } from "../tree";

/** The fields with one of them set; undefined takes it away. */
export function without(fields: Fields, name: string, value: Json | undefined): Fields {
  const { [name]: _, ...rest } = fields;
  return value === undefined ? rest : { ...fields, [name]: value };
}

/** This day, as the reader's clock has it. */
export function today(): string {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 10);
}

/** Choices of these names, called by these words. */
export function choicesOf(
  names: readonly string[],
  words: Record<string, string>,
): { value: string; label: string }[] {
  return names.map((value) => ({ value, label: words[value] ?? value }));
}
