import { Grid, Skeleton, Stack, Text } from "@mantine/core";
import { Link, useParams } from "react-router";
import { useFormat } from "../i18n/useFormat";
import { useLocale, useTitle, useWords } from "../i18n/useWords";
import { Icon } from "../ui/Icon";
import { PageTitle } from "../ui/PageTitle";
import { Panel } from "../ui/Panel";
import { Trouble } from "../ui/Trouble";
import { SizeChart } from "./Charts";
import { Deeds } from "./Deeds";
import { Members } from "./Members";
import { Notices } from "./Notices";
import { OverlapTable } from "./OverlapTable";
import { useSegment } from "./queries";
import { StateBadge } from "./SegmentList";
import "./segments.css";
import type { SegmentDetail } from "./types";
import { useDeeds } from "./useDeeds";
import { Versions } from "./Versions";

export function SegmentPage({ writes }: { writes: boolean }) {
  const words = useWords();
  const { name = "" } = useParams();
  const segment = useSegment(name);
  return (
    <>
      <Link className="row-link soft back-link" to="/segments">
        <Icon name="back" size={16} />
        {words.segments.title}
      </Link>
      {segment.isPending ? (
        <Skeleton aria-label={words.common.loading} height={480} radius={16} role="status" />
      ) : null}
      {segment.isError && !segment.data ? (
        <Trouble error={segment.error} retry={() => segment.refetch()} />
      ) : null}
      {segment.data ? <Known key={name} segment={segment.data} writes={writes} /> : null}
    </>
  );
}

function Known({ segment, writes }: { segment: SegmentDetail; writes: boolean }) {
  const words = useWords().segments;
  const title = useTitle();
  const done = useDeeds(segment);
  return (
    <>
      <PageTitle
        aside={<Deeds done={done} segment={segment} writes={writes} />}
        subtitle={<StateBadge segment={segment} />}
        title={title(segment)}
      />
      <Stack gap="md">
        <Notices done={done} segment={segment} writes={writes} />
        <Asks segment={segment} />
        <Grid gap="md">
          <Grid.Col span={{ base: 12, md: 8 }}>
            <Stack gap="md">
              <Panel help={words.sizeHelp} title={words.sizeTitle}>
                <SizeChart sizes={segment.sizes} />
              </Panel>
              <Members segment={segment} />
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 4 }}>
            <Stack gap="md">
              <OverlapTable segment={segment} />
              <UsedBy journeys={segment.used_by} />
              <Versions segment={segment} writes={writes} />
            </Stack>
          </Grid.Col>
        </Grid>
      </Stack>
    </>
  );
}

/** Whom it asks for, in words, and its numbers. */
function Asks({ segment }: { segment: SegmentDetail }) {
  const { locale, words: all } = useLocale();
  const words = all.segments;
  const format = useFormat();
  const size = segment.size === null ? words.notYet : words.people(format.number(segment.size));
  const facts = [
    [words.size, segment.state === "published" ? size : "–"],
    [words.entered, words.people(format.number(segment.entered_7d))],
    [words.left, words.people(format.number(segment.left_7d))],
    [words.refreshed, segment.refreshed_at ? format.moment(segment.refreshed_at) : words.never],
  ] as const;
  return (
    <Panel title={words.asks}>
      <Text fz="1.05rem">{locale === "ko" ? segment.sentence_ko : segment.sentence_en}</Text>
      <dl className="facts segment-facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function UsedBy({ journeys }: { journeys: string[] }) {
  const words = useWords().segments;
  return (
    <Panel title={words.usedBy}>
      {journeys.length === 0 ? (
        <Text className="soft" fz="sm">
          {words.usedByNone}
        </Text>
      ) : (
        <ul className="names-plain">
          {journeys.map((journey) => (
            <li key={journey}>{journey}</li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
