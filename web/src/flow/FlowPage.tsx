import { Alert, Grid, Skeleton, Stack, Text } from "@mantine/core";
import type { Flow } from "../api/types";
import { useLocale, useWords } from "../i18n/useWords";
import { Icon } from "../ui/Icon";
import { PageTitle } from "../ui/PageTitle";
import { FlowTabs } from "../ui/SectionTabs";
import { Trouble } from "../ui/Trouble";
import { Decisions } from "./Decisions";
import { Events } from "./Events";
import "./flow.css";
import { Journeys } from "./Journeys";
import { Pipeline } from "./Pipeline";
import { Pulse } from "./Pulse";
import { Reach } from "./Reach";
import { Results } from "./Results";
import { Segments } from "./Segments";
import { useFlow } from "./useFlow";

export function FlowPage() {
  const words = useWords();
  const flow = useFlow();
  return (
    <>
      <PageTitle
        aside={flow.data ? <Pulse flow={flow.data} /> : null}
        subtitle={words.flow.subtitle}
        title={words.flow.title}
      />
      <FlowTabs />
      {flow.isError && !flow.data ? (
        <Trouble error={flow.error} retry={() => flow.refetch()} />
      ) : null}
      {flow.isError && flow.data ? (
        <Alert color="honey" icon={<Icon name="clock" />} mb="md" role="status" variant="light">
          {words.trouble.stale}
        </Alert>
      ) : null}
      {flow.isPending ? <Waiting /> : null}
      {flow.data ? <Numbers flow={flow.data} /> : null}
    </>
  );
}

function Numbers({ flow }: { flow: Flow }) {
  return (
    <Stack gap="md">
      <Notices flow={flow} />
      <Pipeline flow={flow} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="md">
            <Decisions flow={flow} />
            <Results flow={flow} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="md">
            <Journeys journeys={flow.journeys} />
            <Segments segments={flow.segments} />
            <Reach customers={flow.customers} />
            <Events events={flow.events} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function Notices({ flow }: { flow: Flow }) {
  const { locale, words } = useLocale();
  const notice = locale === "ko" ? flow.pulse.notice_ko : flow.pulse.notice_en;
  return (
    <>
      {flow.pulse.sending_paused ? (
        <Alert color="clay" icon={<Icon name="hand" />} title={words.flow.paused} variant="light">
          {words.flow.pausedHelp}
        </Alert>
      ) : null}
      {notice ? (
        <Alert color="honey" icon={<Icon name="info" />} p="sm" variant="light">
          <Text fz="sm">{notice}</Text>
        </Alert>
      ) : null}
    </>
  );
}

function Waiting() {
  const words = useWords();
  return (
    <Stack aria-label={words.common.loading} gap="md" role="status">
      <Skeleton height={132} radius={16} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Skeleton height={360} radius={16} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Skeleton height={360} radius={16} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
