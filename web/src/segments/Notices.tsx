import { Alert, Button, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "../i18n/useWords";
import { Icon } from "../ui/Icon";
import { Refused } from "../ui/Refused";
import type { SegmentDetail } from "./types";
import type { Deeds } from "./useDeeds";

interface NoticesProps {
  segment: SegmentDetail;
  done: Deeds;
  writes: boolean;
}

/** What was just done and can be taken back, what was refused, and what waits. */
export function Notices({ segment, done, writes }: NoticesProps) {
  const words = useWords().segments;
  return (
    <>
      <Refused error={done.error} />
      <JustDone done={done} />
      {segment.fault ? (
        <Alert color="clay" icon={<Icon name="info" />} title={words.fault} variant="light">
          {segment.fault}
        </Alert>
      ) : null}
      {segment.state === "archived" && done.done !== "archive" ? (
        <Waits>{words.archivedNote}</Waits>
      ) : null}
      {segment.state === "draft" ? <Waits>{words.draftNote}</Waits> : null}
      {segment.state === "published" && segment.has_draft ? (
        <Waits>
          <Group gap="sm" justify="space-between">
            <Text fz="sm">{words.draftWaits}</Text>
            {writes ? (
              <Button
                color="honey"
                loading={done.busy}
                onClick={() => done.act("discard-draft")}
                size="compact-sm"
                variant="light"
              >
                {words.discard}
              </Button>
            ) : null}
          </Group>
        </Waits>
      ) : null}
    </>
  );
}

function Waits({ children }: { children: ReactNode }) {
  return (
    <Alert color="honey" icon={<Icon name="info" />} p="sm" variant="light">
      {children}
    </Alert>
  );
}

function JustDone({ done }: { done: Deeds }) {
  const words = useWords().segments;
  const said = {
    published: words.publishedNow,
    publish: words.publishedNow,
    archive: words.archivedNow,
    restore: words.restoredNow,
    "discard-draft": words.discarded,
  };
  return (
    <div className="news" role="status">
      {done.done ? (
        <Alert color="pine" icon={<Icon name="check" />} p="sm" variant="light">
          <Group gap="sm" justify="space-between">
            <Text fz="sm">{said[done.done]}</Text>
            {done.undo ? (
              <Button loading={done.busy} onClick={done.undo} size="compact-sm" variant="light">
                {words.undo}
              </Button>
            ) : null}
          </Group>
        </Alert>
      ) : null}
    </div>
  );
}
