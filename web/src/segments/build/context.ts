import { createContext, useContext } from "react";
import type { Fields, Joint } from "../tree";
import type { Vocabulary } from "../types";

export interface Mistake {
  key: number;
  /** Where in that node, such as ".is.value". */
  rest: string;
  message: string;
}

export interface Bench {
  vocabulary: Vocabulary;
  /** This segment's own name: it cannot ask for itself. */
  name: string | undefined;
  mistake: Mistake | null;
  add: (into: number, what: Fields | Joint) => void;
  edit: (key: number, fields: Fields) => void;
  join: (key: number, joint: Joint) => void;
  remove: (key: number) => void;
  move: (key: number, by: -1 | 1) => void;
  wrap: (key: number) => void;
  unwrap: (key: number) => void;
  duplicate: (key: number) => void;
}

export const BenchContext = createContext<Bench | null>(null);

/** What the builder's parts share: the vocabulary, what is wrong, and what can be done. */
export function useBench(): Bench {
  const bench = useContext(BenchContext);
  if (!bench) throw new Error("Only inside a builder.");
  return bench;
}
