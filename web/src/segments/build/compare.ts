import type { Fields, Json } from "../tree";

/** A comparison as people choose it: where JSON has one kind for texts and numbers, two. */
export const OPS = {
  text: ["equals:text", "one_of:text", "contains", "starts_with"],
  number: ["at_least", "at_most", "within", "equals:number", "one_of:number"],
  date: ["during", "days_ago", "date_in", "before", "anniversary"],
  yes: ["is_true", "is_false"],
  list: ["has:text", "has:number"],
  any: ["exists"],
} as const;

export type OpGroup = keyof typeof OPS;
export const GROUPS = Object.keys(OPS) as OpGroup[];

/** Which comparisons fit: a count is a number, a time is a date, anything else may be anything. */
export const FITTING = {
  anything: GROUPS,
  count: ["number"],
  amount: ["number", "any"],
  time: ["date", "any"],
} satisfies Record<string, OpGroup[]>;

export type Fitting = keyof typeof FITTING;

const SPLIT = ["equals", "one_of", "has"];

function kindOf(values: Json[]): "text" | "number" | null {
  if (values.every((value) => typeof value === "string")) return "text";
  return values.every((value) => typeof value === "number") ? "number" : null;
}

/** How people would call a comparison; null where there is no form for it. */
export function opOf(test: Fields): string | null {
  const kind = String(test.kind);
  if (!SPLIT.includes(kind)) return GROUPS.some((group) => has(group, kind)) ? kind : null;
  const values = kind === "equals" ? [test.value ?? ""] : test.values;
  const type = Array.isArray(values) ? kindOf(values) : null;
  return type && `${kind}:${type}`;
}

function has(group: OpGroup, op: string): boolean {
  return (OPS[group] as readonly string[]).includes(op);
}

export function groupOf(op: string): OpGroup {
  return GROUPS.find((group) => has(group, op)) ?? "any";
}

const STARTS: Record<string, Fields> = {
  "equals:text": { value: "" },
  "one_of:text": { values: [] },
  contains: { text: "" },
  starts_with: { text: "" },
  at_least: { value: 1 },
  at_most: { value: 1 },
  within: { least: 1, most: 10 },
  "equals:number": { value: 1 },
  "one_of:number": { values: [1] },
  during: { window: { kind: "rolling", days: 30 } },
  days_ago: { at_least: 30 },
  date_in: { first: 0, last: 7 },
  anniversary: { first: 0, last: 7 },
  "has:text": { values: [] },
  "has:number": { values: [1] },
};

/** A comparison to start from; a single value goes with it where it means the same in both. */
export function startOp(op: string, from: Fields, today: string): Fields {
  const kind = op.split(":")[0] ?? op;
  const start = op === "before" ? { date: today } : (STARTS[op] ?? {});
  const kept = from.value;
  const keeps = "value" in start && typeof kept === typeof start.value;
  return { kind, ...start, ...(keeps && kept !== undefined ? { value: kept } : {}) };
}

// What a new comparison is by what is known about the values: {} where nothing is.
const BY_KIND: Record<string, string> = {
  text: "equals:text",
  number: "at_least",
  boolean: "is_true",
  list: "has:text",
};

/** The comparison that fits values of these kinds. */
export function opFor(kinds: readonly string[]): string {
  const [only, ...others] = kinds;
  return (others.length === 0 && only && BY_KIND[only]) || "exists";
}
