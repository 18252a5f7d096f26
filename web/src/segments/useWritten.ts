import { useState } from "react";
import { useHistory } from "./history";
import { type Definition, isUnfinished, type Json, readTree, writeTree } from "./tree";
import type { ReadyMade, SegmentDetail, Version } from "./types";

export interface Titles {
  ko: string;
  en: string;
  name: string;
}

const PLAIN = /[^\p{L}\p{N}]+/gu;

/** A name that files and journeys can call it by, made of its title. */
export function nameFor(title: string, taken: readonly string[]): string {
  const plain = title
    .toLowerCase()
    .replace(PLAIN, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 60);
  const base = plain || "segment";
  if (plain && !taken.includes(plain)) return plain;
  for (let number = plain ? 2 : taken.length + 1; ; number += 1) {
    const name = `${base}_${number}`;
    if (!taken.includes(name)) return name;
  }
}

function firstTitles(of: SegmentDetail | ReadyMade | undefined, taken: readonly string[]): Titles {
  if (!of) return { ko: "", en: "", name: "" };
  const name = "versions" in of || !taken.includes(of.name) ? of.name : nameFor(of.name, taken);
  return { ko: of.title_ko, en: of.title_en, name };
}

function firstDefinition(of: SegmentDetail | ReadyMade | undefined): Definition | null {
  if (!of) return null;
  return "draft" in of ? (of.draft ?? of.definition) : of.definition;
}

interface Beginning {
  segment: SegmentDetail | undefined;
  model: ReadyMade | undefined;
  taken: readonly string[];
  version: Version | undefined;
}

/** Everything that is being written, and whether the server has it as it stands. */
export function useWritten({ segment, model, taken, version }: Beginning) {
  const start = segment ?? model;
  const [titles, setTitles] = useState(() => firstTitles(start, taken));
  const history = useHistory(() => readTree(version?.definition ?? firstDefinition(start)));
  const definition = writeTree(history.tree);
  const title_ko = titles.ko.trim() || titles.en.trim();
  const title_en = titles.en.trim() || titles.ko.trim();
  const now = JSON.stringify([title_ko, title_en, definition]);
  const [kept, setKept] = useState(() => (model || version ? "" : now));
  return {
    titles,
    setTitles,
    history,
    definition,
    title_ko,
    title_en,
    name: segment?.name ?? (titles.name || nameFor(titles.en || titles.ko, taken)),
    empty: history.tree.of.length === 0,
    unfinished: isUnfinished(definition.where as Json),
    dirty: now !== kept,
    keep: () => setKept(now),
  };
}

export type Draft = ReturnType<typeof useWritten>;
