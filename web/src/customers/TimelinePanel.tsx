import { Button, Chip, Group, Skeleton, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { Moment } from "../api/types";
import { type Format, useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Empty } from "../ui/Empty";
import { Panel } from "../ui/Panel";
import { Trouble } from "../ui/Trouble";
import { MomentItem } from "./MomentItem";
import { useTimeline } from "./queries";

const FIRST = 100;
const MOST = 1000;
const FILTERS = ["all", "event", "message", "receipt", "consent"] as const;

type Filter = (typeof FILTERS)[number];

/** What the customer did and what we did, newest first, day by day. */
export function TimelinePanel({ id }: { id: number }) {
  const words = useWords();
  const [limit, setLimit] = useState(FIRST);
  const [filter, setFilter] = useState<Filter>("all");
  const timeline = useTimeline(id, limit);
  return (
    <Panel title={words.customer.timeline}>
      <Chip.Group onChange={(value) => setFilter(value as Filter)} value={filter}>
        <Group gap={6} mb="md">
          {FILTERS.map((one) => (
            <Chip key={one} size="sm" value={one} variant="light">
              {words.customer.filter[one]}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {timeline.isPending ? (
        <Skeleton aria-label={words.common.loading} height={300} role="status" />
      ) : null}
      {timeline.isError ? (
        <Trouble error={timeline.error} retry={() => timeline.refetch()} />
      ) : null}
      {timeline.data ? (
        <Days customer={id} filter={filter} moments={timeline.data.moments} />
      ) : null}
      {timeline.data && !timeline.data.complete && limit < MOST ? (
        <Button
          fullWidth
          loading={timeline.isFetching}
          mt="md"
          onClick={() => setLimit(MOST)}
          variant="default"
        >
          {words.common.more}
        </Button>
      ) : null}
    </Panel>
  );
}

interface DaysProps {
  customer: number;
  moments: Moment[];
  filter: Filter;
}

function Days({ customer, moments, filter }: DaysProps) {
  const words = useWords().customer;
  const format = useFormat();
  // Decisions and attempts are told inside the message they belong to.
  const shown = moments.filter(
    ({ kind }) =>
      kind !== "decision" && kind !== "delivery" && (filter === "all" || kind === filter),
  );
  if (shown.length === 0) {
    return <Empty help={words.emptyHelp} icon="clock" title={words.empty} />;
  }
  return byDay(shown, format).map(([day, ofDay]) => (
    <section key={day}>
      <Title fz="sm" mb={6} mt="md" order={3}>
        <Text className="soft" component="span" fw={700} fz="sm">
          {day}
        </Text>
      </Title>
      <ol className="timeline">
        {ofDay.map((moment, place) => (
          <MomentItem
            attempts={attemptsOf(moment, moments)}
            customer={customer}
            // biome-ignore lint/suspicious/noArrayIndexKey: two moments may be equal in every field.
            key={`${moment.at}-${moment.kind}-${moment.name}-${place}`}
            moment={moment}
          />
        ))}
      </ol>
    </section>
  ));
}

function byDay(moments: Moment[], format: Format): [string, Moment[]][] {
  const days = new Map<string, Moment[]>();
  for (const moment of moments) {
    const day = format.day(moment.at);
    days.set(day, [...(days.get(day) ?? []), moment]);
  }
  return [...days];
}

/** The hand-overs of a message, newest first. */
function attemptsOf(moment: Moment, moments: Moment[]): Moment[] {
  if (moment.kind !== "message") return [];
  return moments.filter(
    (other) => other.kind === "delivery" && other.message_id === moment.message_id,
  );
}
