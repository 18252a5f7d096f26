import { Badge, Text } from "@mantine/core";
import { useFormat } from "../i18n/useFormat";
import { useLocale } from "../i18n/useWords";
import { Panel } from "../ui/Panel";
import type { SegmentDetail } from "./types";

/** What it asked for, from the newest on. */
export function Versions({ segment }: { segment: SegmentDetail }) {
  const { locale, words: all } = useLocale();
  const words = all.segments;
  const format = useFormat();
  const newest = segment.versions[0]?.number;
  return (
    <Panel title={words.versionsTitle}>
      {segment.versions.length === 0 ? (
        <Text className="soft" fz="sm">
          {words.versionsEmpty}
        </Text>
      ) : null}
      <ol className="versions">
        {segment.versions.map((version) => (
          <li key={version.number}>
            <span className="version-head">
              <Text fw={600} fz="sm">
                {words.version(format.number(version.number))}
              </Text>
              {version.number === newest ? (
                <Badge color="pine" radius="sm" size="sm" variant="light">
                  {words.current}
                </Badge>
              ) : null}
              <Text className="soft number" fz="xs" ml="auto">
                {format.moment(version.created_at)}
              </Text>
            </span>
            <Text className="soft" fz="sm">
              {locale === "ko" ? version.sentence_ko : version.sentence_en}
            </Text>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
