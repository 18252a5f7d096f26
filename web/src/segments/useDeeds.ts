import { useState } from "react";
import { useLocation } from "react-router";
import { type Deed, useDeed, useSave } from "./queries";
import type { Definition } from "./tree";
import type { SegmentDetail } from "./types";

export type Done = Deed | "published" | null;

/** What was just done to a segment, and how it is taken back. */
export function useDeeds(segment: SegmentDetail) {
  const arrived = useLocation().state === "published" ? "published" : null;
  const [done, setDone] = useState<Done>(arrived);
  const [dropped, setDropped] = useState<Definition | null>(null);
  const deed = useDeed(segment.name);
  const save = useSave();
  const act = (what: Deed) => {
    const draft = what === "discard-draft" ? segment.draft : null;
    save.reset();
    deed.mutate(what, {
      onSuccess: () => {
        setDone(what);
        setDropped(draft);
      },
      onError: () => setDone(null),
    });
  };
  const putBack = () => {
    if (!dropped) return;
    const { name, title_ko, title_en } = segment;
    const written = { title_ko, title_en, definition: dropped, publish: false };
    save.mutate({ name, written }, { onSuccess: () => setDone(null) });
  };
  const undo: Partial<Record<Deed | "published", () => void>> = {
    archive: () => act("restore"),
    restore: () => act("archive"),
    ...(dropped ? { "discard-draft": putBack } : {}),
  };
  return {
    done,
    act,
    undo: done ? undo[done] : undefined,
    busy: deed.isPending || save.isPending,
    error: deed.error ?? save.error,
  };
}

export type Deeds = ReturnType<typeof useDeeds>;
