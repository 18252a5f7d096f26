import { Badge, Button, Text } from "@mantine/core";
import { Link } from "react-router";
import { useFormat } from "../i18n/useFormat";
import { useLocale } from "../i18n/useWords";
import { Panel } from "../ui/Panel";
import type { SegmentDetail } from "./types";

/** What it asked for, from the newest on. */
export function Versions({ segment, writes }: { segment: SegmentDetail; writes: boolean }) {
  const { locale, words: all } = useLocale();
  const words = all.segments;
  const format = useFormat();
  const newest = segment.versions[0]?.number;
  const edits = writes && segment.state !== "archived";
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
            {edits && version.number !== newest && version.definition ? (
              <Button
                aria-label={words.goBackTo(format.number(version.number))}
                component={Link}
                mt={4}
                size="compact-sm"
                to={`/segments/${encodeURIComponent(segment.name)}/edit?version=${version.number}`}
                variant="light"
              >
                {words.goBack}
              </Button>
            ) : null}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
