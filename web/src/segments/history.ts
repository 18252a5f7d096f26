import { useCallback, useMemo, useReducer } from "react";
import type { Branch } from "./tree";

interface Past {
  before: Branch[];
  now: Branch;
  after: Branch[];
  /** What the last change was about; the next one about the same joins it. */
  about: string | null;
}

type Turn =
  | { turn: "change"; change: (tree: Branch) => Branch; about: string | null }
  | { turn: "undo" }
  | { turn: "redo" };

const MOST_STEPS = 200;

function take(past: Past, turn: Turn): Past {
  if (turn.turn === "undo") {
    const last = past.before.at(-1);
    if (!last) return past;
    return {
      before: past.before.slice(0, -1),
      now: last,
      after: [past.now, ...past.after],
      about: null,
    };
  }
  if (turn.turn === "redo") {
    const next = past.after[0];
    if (!next) return past;
    return {
      before: [...past.before, past.now],
      now: next,
      after: past.after.slice(1),
      about: null,
    };
  }
  const now = turn.change(past.now);
  if (now === past.now) return past;
  const joins = turn.about !== null && turn.about === past.about;
  const before = joins ? past.before : [...past.before, past.now].slice(-MOST_STEPS);
  return { before, now, after: [], about: turn.about };
}

export interface History {
  tree: Branch;
  /** Change the tree; changes about the same thing, one after another, are undone as one. */
  change: (change: (tree: Branch) => Branch, about?: string) => void;
  undo: () => void;
  redo: () => void;
  canUndo: boolean;
  canRedo: boolean;
}

export function useHistory(first: () => Branch): History {
  const [past, give] = useReducer(take, null, () => ({
    before: [],
    now: first(),
    after: [],
    about: null,
  }));
  const change = useCallback(
    (change: (tree: Branch) => Branch, about?: string) =>
      give({ turn: "change", change, about: about ?? null }),
    [],
  );
  return useMemo(
    () => ({
      tree: past.now,
      change,
      undo: () => give({ turn: "undo" }),
      redo: () => give({ turn: "redo" }),
      canUndo: past.before.length > 0,
      canRedo: past.after.length > 0,
    }),
    [past, change],
  );
}
