import { Badge, Stack as Column, Group, Text } from "@mantine/core";
import { Link } from "react-router";
import type { JourneyCount } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useTitle, useWords } from "../i18n/useWords";
import { Stack } from "../ui/Bars";
import { Empty } from "../ui/Empty";
import { Panel } from "../ui/Panel";

const STATE_COLORS = { draft: "stone", running: "pine", paused: "honey", stopped: "stone" };

export function Journeys({ journeys }: { journeys: JourneyCount[] }) {
  const words = useWords().flow;
  return (
    <Panel title={words.journeysTitle}>
      {journeys.length === 0 ? (
        <Empty help={words.journeysEmptyHelp} icon="journeys" title={words.journeysEmpty} />
      ) : (
        <Column gap="lg">
          {journeys.map((journey) => (
            <OneJourney journey={journey} key={journey.id} />
          ))}
        </Column>
      )}
    </Panel>
  );
}

function OneJourney({ journey }: { journey: JourneyCount }) {
  const words = useWords().flow;
  const format = useFormat();
  const title = useTitle();
  const parts = [
    { key: "in", label: words.inJourney, value: journey.active + journey.waiting, color: "honey" },
    { key: "goal", label: words.goalMet, value: journey.goal_met, color: "pine" },
    {
      key: "ended",
      label: words.endedJourney,
      value: journey.ended - journey.goal_met,
      color: "stone",
    },
    { key: "parked", label: words.parkedJourney, value: journey.parked, color: "clay" },
  ];
  return (
    <article>
      <Group justify="space-between" wrap="nowrap">
        <Link className="text-link" to={`/guard?journey=${encodeURIComponent(journey.name)}`}>
          {title(journey)}
        </Link>
        <Badge
          color={STATE_COLORS[journey.state]}
          radius="sm"
          style={{ flexShrink: 0 }}
          variant="light"
        >
          {words.journeyState[journey.state]}
        </Badge>
      </Group>
      <Text className="soft number" fz="sm" mb={6}>
        {words.enrolled(format.number(journey.enrolled))}
      </Text>
      <Stack parts={parts} />
      <Group gap="md" mt={6}>
        {parts
          .filter((part) => part.value > 0)
          .map((part) => (
            <Text className="number key" data-color={part.color} fz="xs" key={part.key}>
              {part.label} <strong>{format.number(part.value)}</strong>
            </Text>
          ))}
      </Group>
    </article>
  );
}
