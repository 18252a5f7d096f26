import { ActionIcon, Group, SegmentedControl } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useWords } from "../i18n/useWords";
import { Icon } from "../ui/Icon";
import type { History } from "./history";

interface EditBarProps {
  history: History;
  form: "form" | "json";
  setForm: (form: "form" | "json") => void;
}

/** Undo and redo, by button and by key, and the choice between forms and JSON. */
export function EditBar({ history, form, setForm }: EditBarProps) {
  const words = useWords().segments;
  // In fields too: what is typed there is part of the condition's history.
  useHotkeys(
    [
      ["mod+Z", history.undo],
      ["mod+shift+Z", history.redo],
      ["mod+Y", history.redo],
    ],
    form === "json" ? ["INPUT", "TEXTAREA", "SELECT"] : [],
  );
  return (
    <Group gap={6} wrap="nowrap">
      <ActionIcon
        aria-label={words.undo}
        color="stone"
        disabled={!history.canUndo}
        onClick={history.undo}
        title={words.undo}
        variant="subtle"
      >
        <Icon name="undo" size={18} />
      </ActionIcon>
      <ActionIcon
        aria-label={words.redo}
        color="stone"
        disabled={!history.canRedo}
        onClick={history.redo}
        title={words.redo}
        variant="subtle"
      >
        <Icon name="redo" size={18} />
      </ActionIcon>
      <SegmentedControl<"form" | "json">
        aria-label={words.mode}
        data={[
          { value: "form", label: words.asForm },
          { value: "json", label: words.asJson },
        ]}
        onChange={setForm}
        size="xs"
        value={form}
      />
    </Group>
  );
}
