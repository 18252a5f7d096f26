import { Badge, Group, Skeleton, Text } from "@mantine/core";
import type { JourneySummary } from "../api/types";
import { useTitle, useWords } from "../i18n/useWords";
import { Disclosure } from "../ui/Disclosure";
import { Empty } from "../ui/Empty";
import { Panel } from "../ui/Panel";
import { Trouble } from "../ui/Trouble";
import { EntryPanel } from "./EntryPanel";
import { useJourneys } from "./queries";

const COLORS = { draft: "stone", running: "pine", paused: "honey", stopped: "stone" };

/** Every journey, each with what keeps the customer out of it. */
export function EntryList({ customer }: { customer: number }) {
  const words = useWords();
  const journeys = useJourneys();
  return (
    <Panel help={words.why.journeysHelp} title={words.why.journeys}>
      {journeys.isPending ? (
        <Skeleton aria-label={words.common.loading} height={200} role="status" />
      ) : null}
      {journeys.isError ? (
        <Trouble error={journeys.error} retry={() => journeys.refetch()} />
      ) : null}
      {journeys.data?.length === 0 ? (
        <Empty help={words.why.journeysEmptyHelp} icon="journeys" title={words.why.journeysEmpty} />
      ) : null}
      <ul className="judged">
        {journeys.data?.map((journey) => (
          <OneJourney customer={customer} journey={journey} key={journey.name} />
        ))}
      </ul>
    </Panel>
  );
}

function OneJourney({ customer, journey }: { customer: number; journey: JourneySummary }) {
  const words = useWords();
  const title = useTitle();
  return (
    <li>
      <Group gap="xs" justify="space-between" wrap="nowrap">
        <Text fw={600}>{title(journey)}</Text>
        <Badge color={COLORS[journey.state]} radius="sm" style={{ flexShrink: 0 }} variant="light">
          {words.flow.journeyState[journey.state]}
        </Badge>
      </Group>
      <Disclosure about={title(journey)} less={words.customer.whyHide} more={words.why.entryAsk}>
        {() => <EntryPanel customer={customer} name={journey.name} />}
      </Disclosure>
    </li>
  );
}
