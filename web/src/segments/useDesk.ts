import { useDebouncedValue } from "@mantine/hooks";
import { useRef, useState } from "react";
import { useNavigate } from "react-router";
import { faultIn, useEstimate, useSave } from "./queries";
import { type Fields, isFields, type Json } from "./tree";
import type { SegmentDetail } from "./types";
import type { Draft } from "./useWritten";

const PAUSE_MS = 450;

/**
 * What the editor asks the server: whom the condition finds, and to keep it. An unfinished condition
 * is only asked about once somebody wants to keep it: until then they know.
 */
export function useDesk(written: Draft, segment: SegmentDetail | undefined, asked: boolean) {
  const navigate = useNavigate();
  const leaving = useRef(false);
  const [publishing, setPublishing] = useState(false);
  const text = JSON.stringify(written.definition);
  const [settled] = useDebouncedValue(text, PAUSE_MS);
  const looked: Fields = JSON.parse(settled);
  const idle = written.empty || isEmpty(looked.where) || (written.unfinished && !asked);
  const estimate = useEstimate(idle ? null : looked, segment?.name);
  const save = useSave();
  const old = settled !== text;
  const refused = save.isError && JSON.stringify(save.variables.written.definition) === text;

  const send = (publish: boolean) => {
    const { name, title_ko, title_en, definition } = written;
    save.mutate(
      { name, written: { title_ko, title_en, definition, publish } },
      {
        onSuccess: () => {
          leaving.current = true;
          written.keep();
          const here = `/segments/${encodeURIComponent(name)}`;
          if (publish) navigate(here, { state: "published" });
          else if (!segment) navigate(`${here}/edit`, { replace: true });
        },
        onSettled: () => setPublishing(false),
      },
    );
  };
  return {
    estimate,
    old,
    fault: (refused ? faultIn(save.error) : null) ?? (old ? null : faultIn(estimate.error)),
    save,
    publishing,
    setPublishing,
    keepDraft: () => send(false),
    publish: () => send(true),
    leaving,
  };
}

/** Whether nothing is asked yet: what settled may be older than what is written. */
function isEmpty(where: Json | undefined): boolean {
  return isFields(where) && Array.isArray(where.of) && where.of.length === 0;
}

export type Desk = ReturnType<typeof useDesk>;
