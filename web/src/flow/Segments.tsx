import { Group, Text } from "@mantine/core";
import { Link } from "react-router";
import type { SegmentSize } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useTitle, useWords } from "../i18n/useWords";
import { Empty } from "../ui/Empty";
import { Icon } from "../ui/Icon";
import { Panel } from "../ui/Panel";

export function Segments({ segments }: { segments: SegmentSize[] }) {
  const words = useWords();
  const format = useFormat();
  const title = useTitle();
  return (
    <Panel title={words.flow.segmentsTitle}>
      {segments.length === 0 ? (
        <Empty
          help={words.flow.segmentsEmptyHelp}
          icon="segments"
          title={words.flow.segmentsEmpty}
        />
      ) : null}
      {segments.map((segment) => (
        <Link
          className="row-link"
          key={segment.id}
          to={`/segments/${encodeURIComponent(segment.name)}`}
        >
          <Group justify="space-between" wrap="nowrap">
            <div>
              <Text fw={600}>{title(segment)}</Text>
              {segment.refreshed_at ? (
                <Text className="soft" fz="xs">
                  {words.flow.refreshed(format.moment(segment.refreshed_at))}
                </Text>
              ) : null}
            </div>
            <Group gap={6} wrap="nowrap">
              <Text className="number" fw={700}>
                {words.common.people(format.number(segment.size))}
              </Text>
              <Icon name="next" size={16} />
            </Group>
          </Group>
        </Link>
      ))}
    </Panel>
  );
}
