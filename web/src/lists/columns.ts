import type { ListKind } from "./types";

const KINDS: [ListKind, RegExp][] = [
  ["email", /mail|이메일|메일/i],
  ["phone", /phone|mobile|tel|전화|휴대/i],
  ["user", /user|customer|member|external|id|고객|회원/i],
];
const HEAD_BYTES = 4096;

/** The names in a file's first line; none where it cannot be read as text. */
export async function columnsOf(file: File): Promise<string[]> {
  const head = await file.slice(0, HEAD_BYTES).text();
  const line = head.replace(/^\uFEFF/, "").split(/\r?\n/)[0] ?? "";
  return line
    .split(/[,;\t]/)
    .map((name) => name.trim().replace(/^"|"$/g, ""))
    .filter(Boolean);
}

/** What a column of this name probably holds. */
export function kindOf(column: string): ListKind | null {
  return KINDS.find(([, fits]) => fits.test(column))?.[0] ?? null;
}

/** The column that probably says who is meant. */
export function likeliest(columns: readonly string[]): string {
  return columns.find((name) => kindOf(name) !== null) ?? columns[0] ?? "";
}
