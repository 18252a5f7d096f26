import type { ko } from "./ko";

type Widened<T> = T extends string
  ? string
  : T extends (...values: infer V) => string
    ? (...values: V) => string
    : { [K in keyof T]: Widened<T[K]> };

/** Every sentence of the console: a language that lacks one does not compile. */
export type Words = Widened<typeof ko>;

export type Locale = "ko" | "en";
