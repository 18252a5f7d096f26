import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { useLocale } from "../../i18n/useWords";
import type { History } from "../history";
import type { Fault } from "../queries";
import {
  addItem,
  type Branch,
  changeItem,
  copyItem,
  findItem,
  isBranch,
  makeBranch,
  makeLeaf,
  moveItem,
  parentOf,
  placeOf,
  removeItem,
  unwrapItem,
  wrapItem,
} from "../tree";
import type { Vocabulary } from "../types";
import "./build.css";
import { type Bench, BenchContext, type Mistake } from "./context";
import { Group } from "./Items";

interface BuilderProps {
  history: History;
  vocabulary: Vocabulary;
  name: string | undefined;
  fault: Fault | null;
  /** How often something wrong was in the way of keeping it: each time the focus goes there. */
  refusals: number;
}

const FIRST_FIELD = "input:not([type=radio]), textarea";

/** A condition as forms within groups within groups. */
export function Builder({ history, vocabulary, name, fault, refusals }: BuilderProps) {
  const { locale, words } = useLocale();
  const { tree, change } = history;
  const { area, focus } = useFocus(tree);
  const [said, say] = useState("");
  const mistake = useMemo<Mistake | null>(() => {
    if (!fault) return null;
    const message = locale === "ko" ? fault.message_ko : fault.message;
    return { ...placeOf(tree, fault.path), message };
  }, [fault, tree, locale]);
  useSeek(area, refusals, mistake);
  const bench = useMemo<Bench>(
    () => ({ vocabulary, name, mistake, ...deeds(tree, change, focus, say, words.segments.build) }),
    [vocabulary, name, mistake, tree, change, focus, words],
  );
  return (
    <BenchContext value={bench}>
      <div className="builder" ref={area}>
        <Group branch={tree} depth={0} />
        <p className="unseen" role="status">
          {said}
        </p>
      </div>
    </BenchContext>
  );
}

type Deeds = Omit<Bench, "vocabulary" | "name" | "mistake">;

function deeds(
  tree: Branch,
  change: History["change"],
  focus: (key: number) => void,
  say: (what: string) => void,
  words: { removed: string },
): Deeds {
  return {
    add: (into, what) => {
      const item = typeof what === "string" ? makeBranch(what) : makeLeaf(what);
      change((now) => addItem(now, into, item));
      focus(item.key);
    },
    edit: (key, fields) =>
      change((now) => changeItem(now, key, (item) => ({ ...item, fields })), `edit ${key}`),
    join: (key, joint) =>
      change((now) => changeItem(now, key, (item) => (isBranch(item) ? { ...item, joint } : item))),
    remove: (key) => {
      const parent = parentOf(tree, key);
      const place = parent?.of.findIndex((part) => part.key === key) ?? 0;
      const next = parent?.of[place + 1] ?? parent?.of[place - 1];
      change((now) => removeItem(now, key));
      focus(next?.key ?? parent?.key ?? tree.key);
      say(words.removed);
    },
    move: (key, by) => {
      change((now) => moveItem(now, key, by));
      focus(key);
    },
    wrap: (key) => {
      const group = makeBranch("any");
      change((now) => wrapItem(now, key, group));
      focus(group.key);
    },
    unwrap: (key) => {
      const group = findItem(tree, key);
      change((now) => unwrapItem(now, key));
      const first = group && isBranch(group) ? group.of[0] : undefined;
      focus(first?.key ?? tree.key);
    },
    duplicate: (key) => {
      const parent = parentOf(tree, key);
      const item = findItem(tree, key);
      if (!parent || !item) return;
      const copy = copyItem(item);
      const place = parent.of.indexOf(item) + 1;
      change((now) => addItem(now, parent.key, copy, place));
      focus(copy.key);
    },
  };
}

/** Puts the focus into what is wrong, once for each refusal: nobody who goes on is called back. */
function useSeek(area: RefObject<HTMLElement | null>, refusals: number, mistake: Mistake | null) {
  const answered = useRef(0);
  useEffect(() => {
    if (!mistake || refusals === answered.current) return;
    answered.current = refusals;
    const found = (where: string) => area.current?.querySelector(where);
    const wrong = found(".part-wrong") ?? found(".item-wrong");
    wrong?.querySelector<HTMLElement>(FIRST_FIELD)?.focus();
  }, [area, refusals, mistake]);
}

/** Puts the focus into a condition once it is there; into the builder's first button otherwise. */
function useFocus(tree: Branch) {
  const area = useRef<HTMLDivElement>(null);
  const wanted = useRef<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of the tree that is waited for.
  useEffect(() => {
    const key = wanted.current;
    if (key === null || !area.current) return;
    wanted.current = null;
    const item = area.current.querySelector(`[data-item="${key}"]`);
    const within = item ?? area.current;
    const field = within.querySelector<HTMLElement>(FIRST_FIELD);
    (item ? field : null)?.focus();
    if (!item || !field) within.querySelector<HTMLElement>(".add button")?.focus();
  }, [tree]);
  const [focus] = useState(() => (key: number) => {
    wanted.current = key;
  });
  return { area, focus };
}
