import { Group, Stack, Text } from "@mantine/core";
import type { Flow } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Bar } from "../ui/Bars";
import { Empty } from "../ui/Empty";
import { Panel } from "../ui/Panel";

const SHOWN = 6;
// What our own stages and the tracking calls write: no customer did that.
const OURS = new Set(["Identified", "Segment Entered", "Segment Left"]);

/** The most frequent things customers did. */
export function Events({ events }: { events: Flow["events"] }) {
  const words = useWords();
  const format = useFormat();
  const theirs = events.filter((event) => !OURS.has(event.name));
  const most = theirs[0]?.count ?? 0;
  return (
    <Panel title={words.flow.eventsTitle}>
      {theirs.length === 0 ? (
        <Empty help={words.flow.eventsEmptyHelp} icon="events" title={words.flow.eventsEmpty} />
      ) : null}
      <Stack gap="sm">
        {theirs.slice(0, SHOWN).map((event) => (
          <div key={event.name}>
            <Group justify="space-between" mb={4} wrap="nowrap">
              <Text fz="sm">{words.events[event.name] ?? event.name}</Text>
              <Text className="number" fz="sm">
                {format.number(event.count)}
              </Text>
            </Group>
            <Bar color="pine" value={event.count} whole={most} />
          </div>
        ))}
      </Stack>
    </Panel>
  );
}
