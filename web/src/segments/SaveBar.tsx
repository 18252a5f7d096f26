import { Button, Group, Text } from "@mantine/core";
import { useWords } from "../i18n/useWords";
import { useCount } from "./Preview";
import type { Desk } from "./useDesk";
import type { Draft } from "./useWritten";

interface SaveBarProps {
  desk: Desk;
  written: Draft;
  /** Does a deed only where titles and name allow it, and says what is wrong otherwise. */
  look: (deed: () => void) => void;
}

/** Always in reach: how many there are, whether it is saved, and what can be done about it. */
export function SaveBar({ desk, written, look }: SaveBarProps) {
  const words = useWords().segments;
  const count = useCount(desk.estimate.data);
  return (
    <div className="save-bar">
      <Text className="number save-count" fw={700}>
        {written.empty || !desk.estimate.data ? "" : count}
      </Text>
      <Text className="soft save-state" fz="sm" role="status">
        {written.dirty ? words.unsaved : ""}
        {desk.save.isSuccess && !written.dirty ? words.saved : ""}
      </Text>
      <Group gap="xs" ml="auto" wrap="nowrap">
        <Button
          disabled={written.empty || !written.dirty}
          loading={desk.save.isPending && !desk.publishing}
          onClick={() => look(desk.keepDraft)}
          variant="default"
        >
          {words.saveDraft}
        </Button>
        <Button disabled={written.empty} onClick={() => look(() => desk.setPublishing(true))}>
          {words.publish}
        </Button>
      </Group>
    </div>
  );
}
