import { Button, Group, Stack, Text } from "@mantine/core";
import { useFormat } from "../i18n/useFormat";
import { useLocale } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";
import { useCount } from "./Preview";
import type { SegmentDetail } from "./types";
import type { Desk } from "./useDesk";

interface PublishDialogProps {
  desk: Desk;
  segment: SegmentDetail | undefined;
}

/** What publishing changes, in words and numbers, before it does. */
export function PublishDialog({ desk, segment }: PublishDialogProps) {
  const { locale, words: all } = useLocale();
  const words = all.segments;
  const format = useFormat();
  const count = useCount(desk.estimate.data);
  const close = () => desk.setPublishing(false);
  const found = desk.estimate.data;
  const live = segment?.definition ? segment : null;
  const before = live ? sentence(live.versions[0] ?? live, locale) : "";
  const after = found ? sentence(found, locale) : "";
  return (
    <Dialog onClose={close} opened={desk.publishing} size="lg" title={words.publishTitle}>
      <Stack gap="md">
        {live ? (
          <Side
            count={live.size === null ? "–" : words.people(format.number(live.size))}
            label={words.before}
            sentence={before}
          />
        ) : (
          <Text fz="sm">{words.publishNew}</Text>
        )}
        <Side count={count} label={words.after} sentence={after} />
        {live && before === after ? <Text fz="sm">{words.same}</Text> : null}
        {segment && segment.used_by.length > 0 ? (
          <Text fz="sm">{words.publishUsed(segment.used_by.join(", "))}</Text>
        ) : null}
        <Group justify="flex-end">
          <Button onClick={close} variant="default">
            {words.notYetPublish}
          </Button>
          <Button data-autofocus loading={desk.save.isPending} onClick={desk.publish}>
            {words.publishYes}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

function sentence(of: { sentence_ko: string; sentence_en: string }, locale: string): string {
  return locale === "ko" ? of.sentence_ko : of.sentence_en;
}

function Side({ label, sentence, count }: { label: string; sentence: string; count: string }) {
  return (
    <div className="side">
      <Group justify="space-between" wrap="nowrap">
        <Text className="soft" fw={600} fz="sm">
          {label}
        </Text>
        <Text className="number" fw={700}>
          {count}
        </Text>
      </Group>
      <Text fz="sm">{sentence}</Text>
    </div>
  );
}
