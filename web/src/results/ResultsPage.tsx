import { Alert, Button, Skeleton, Stack, Text } from "@mantine/core";
import { Link, useSearchParams } from "react-router";
import { useFormat } from "../i18n/useFormat";
import { useLocale, useWords } from "../i18n/useWords";
import { Empty } from "../ui/Empty";
import { Icon } from "../ui/Icon";
import { PageTitle } from "../ui/PageTitle";
import { Panel } from "../ui/Panel";
import { Refused } from "../ui/Refused";
import { FlowTabs } from "../ui/SectionTabs";
import type { Days } from "./days";
import { FigureList } from "./FigureList";
import { JourneyPanel } from "./JourneyPanel";
import { MeaningPanel } from "./MeaningPanel";
import { PeriodForm } from "./PeriodForm";
import { PricesPanel } from "./PricesPanel";
import { useResults } from "./queries";
import "./results.css";
import type { ResultsPage as Found } from "./types";

/** What messages came to, in days that the address names. */
export function ResultsPage({ writes }: { writes: boolean }) {
  const words = useWords();
  const { locale } = useLocale();
  const [place, setPlace] = useSearchParams();
  const [first, last] = [place.get("first"), place.get("last")];
  const asked: Days | null = first && last ? { first, last } : null;
  const results = useResults(asked);
  const days = results.data ?? asked;
  return (
    <>
      <PageTitle
        aside={
          days ? (
            <Button
              component="a"
              download
              href={`/api/results/table?first=${days.first}&last=${days.last}&language=${locale}`}
              variant="default"
            >
              {words.results.export}
            </Button>
          ) : null
        }
        subtitle={words.results.subtitle}
        title={words.results.title}
      />
      <FlowTabs />
      {results.isPending ? (
        <Skeleton aria-label={words.common.loading} height={480} radius={16} role="status" />
      ) : null}
      <Stack gap="md">
        <Refused error={results.error} />
        {results.data ? (
          <>
            <PeriodForm
              choose={(wish) => setPlace({ ...wish })}
              days={{ first: results.data.first, last: results.data.last }}
              key={`${results.data.first} ${results.data.last}`}
              today={results.data.today}
            />
            <Shown page={results.data} writes={writes} />
          </>
        ) : null}
      </Stack>
    </>
  );
}

function Shown({ page, writes }: { page: Found; writes: boolean }) {
  const words = useWords().results;
  const format = useFormat();
  const day = (one: string) => format.plainDay(one);
  return (
    <>
      {page.journeys.length === 0 ? (
        <div className="panel">
          <Empty help={words.emptyHelp} icon="deliveries" title={words.empty} />
        </div>
      ) : (
        <>
          <Panel help={words.between(day(page.first), day(page.last))} title={words.total}>
            <FigureList about={words.total} figures={page.total} />
          </Panel>
          {page.held_out === 0 ? <NoHoldout /> : null}
          {page.journeys.map((journey) => (
            <JourneyPanel journey={journey} key={journey.name} />
          ))}
        </>
      )}
      {writes ? null : (
        <Alert color="stone" icon={<Icon name="info" />} variant="light">
          {words.readOnly}
        </Alert>
      )}
      <PricesPanel prices={page.prices} writes={writes} />
      <MeaningPanel />
    </>
  );
}

/** That nothing can be said of what advertising brought. */
function NoHoldout() {
  const words = useWords().results;
  return (
    <Alert color="honey" icon={<Icon name="info" />} title={words.holdout} variant="light">
      <Text fz="sm">{words.noHoldout}</Text>
      <Link className="text-link" to="/guard/limits">
        {words.setHoldout}
      </Link>
    </Alert>
  );
}
