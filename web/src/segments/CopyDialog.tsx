import { Button, CopyButton, Group, SegmentedControl, Text } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";
import type { Json } from "./tree";
import type { SegmentDetail } from "./types";
import { writeYaml } from "./yaml";

type Form = "yaml" | "json";

/** The condition as a file would hold it. */
export function CopyDialog({
  segment,
  open,
  close,
}: {
  segment: SegmentDetail;
  open: boolean;
  close: () => void;
}) {
  const words = useWords().segments;
  const [form, setForm] = useState<Form>("yaml");
  const text = form === "yaml" ? asYaml(segment) : asJson(segment);
  return (
    <Dialog onClose={close} opened={open} size="lg" title={words.copyTitle}>
      <Group justify="space-between" mb="sm">
        <SegmentedControl<Form>
          aria-label={words.copyForm}
          data={[
            { value: "yaml", label: "YAML" },
            { value: "json", label: "JSON" },
          ]}
          onChange={setForm}
          size="xs"
          value={form}
        />
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button onClick={copy} size="compact-sm" variant="light">
              {copied ? words.copied : words.copyIt}
            </Button>
          )}
        </CopyButton>
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it. */}
      <section aria-label={words.copyTitle} className="code" tabIndex={0}>
        <pre>{text}</pre>
      </section>
      <Text className="soft" fz="sm" mt="sm">
        {words.copyHelp}
      </Text>
    </Dialog>
  );
}

function asJson(segment: SegmentDetail): string {
  return JSON.stringify(segment.definition ?? segment.draft, null, 2);
}

function asYaml(segment: SegmentDetail): string {
  const { name, title_ko, title_en } = segment;
  const where = (segment.definition ?? segment.draft)?.where as Json | undefined;
  const title = { ko: title_ko, en: title_en };
  const written: Json = { kind: "segment", name, title, where: where ?? null };
  return writeYaml(written);
}
