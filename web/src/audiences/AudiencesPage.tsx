import { Alert, Button, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Empty } from "../ui/Empty";
import { Icon } from "../ui/Icon";
import { PageTitle } from "../ui/PageTitle";
import { Panel } from "../ui/Panel";
import { DataTabs } from "../ui/SectionTabs";
import { Trouble } from "../ui/Trouble";
import { AudiencePanel } from "./AudiencePanel";
import "./audiences.css";
import { MakeDialog } from "./MakeDialog";
import { useAudiences } from "./queries";
import type { AudiencesPage as Found } from "./types";

/** Which segment goes to which ad network, and who of it. */
export function AudiencesPage({ writes }: { writes: boolean }) {
  const words = useWords();
  const audiences = useAudiences();
  const [making, make] = useState(false);
  const [said, say] = useState("");
  return (
    <>
      <PageTitle
        aside={
          writes ? (
            <Button leftSection={<Icon name="plus" size={16} />} onClick={() => make(true)}>
              {words.audiences.add}
            </Button>
          ) : null
        }
        subtitle={words.audiences.subtitle}
        title={words.audiences.title}
      />
      <DataTabs />
      <Stack gap="md">
        <div className="news" role="status">
          {said ? (
            <Alert color="pine" icon={<Icon name="check" />} p="sm" variant="light">
              {said}
            </Alert>
          ) : null}
        </div>
        {writes ? null : (
          <Alert color="stone" icon={<Icon name="info" />} variant="light">
            {words.audiences.readOnly}
          </Alert>
        )}
        {audiences.isPending ? (
          <Skeleton aria-label={words.common.loading} height={240} radius={16} role="status" />
        ) : null}
        {audiences.isError && !audiences.data ? (
          <Trouble error={audiences.error} retry={() => audiences.refetch()} />
        ) : null}
        {audiences.data ? <Shown page={audiences.data} say={say} writes={writes} /> : null}
      </Stack>
      <MakeDialog
        close={() => make(false)}
        networks={audiences.data?.networks ?? []}
        open={making}
        say={say}
      />
    </>
  );
}

interface ShownProps {
  page: Found;
  writes: boolean;
  say: (what: string) => void;
}

function Shown({ page, writes, say }: ShownProps) {
  const words = useWords().audiences;
  const missing = page.networks.filter((one) => !one.is_set);
  const running = page.audiences.filter((one) => one.removed_at === null);
  const former = page.audiences.filter((one) => one.removed_at !== null);
  return (
    <>
      {missing.length > 0 ? (
        <Alert color="stone" icon={<Icon name="info" />} variant="light">
          {missing.map(({ network }) => (
            <Text fz="sm" key={network}>
              {words.notSet[network]}
            </Text>
          ))}
        </Alert>
      ) : null}
      {running.length === 0 ? (
        <div className="panel">
          <Empty help={words.emptyHelp} icon="customers" title={words.empty} />
        </div>
      ) : null}
      {running.map((audience) => (
        <AudiencePanel audience={audience} key={audience.name} say={say} writes={writes} />
      ))}
      {former.length > 0 ? <Former audiences={former} /> : null}
    </>
  );
}

/** What was given to whom, once it is over. */
function Former({ audiences }: { audiences: Found["audiences"] }) {
  const words = useWords().audiences;
  const format = useFormat();
  return (
    <Panel help={words.formerHelp} title={words.former}>
      <ul aria-label={words.former} className="audiences-rows">
        {audiences.map((one) => (
          <li key={`${one.name} ${one.removed_at}`}>
            <div>
              <Text fw={600} fz="sm">
                {one.name}
              </Text>
              <Text className="soft" fz="sm">
                {one.segment} · {words.short[one.network]} ({one.network_ref})
              </Text>
            </div>
            <Text className="soft number" fz="sm">
              {one.removed_at ? words.removedAt(format.moment(one.removed_at)) : null}
              {one.leaving + one.added + one.adding > 0
                ? ` · ${words.leaving(format.number(one.leaving + one.added + one.adding))}`
                : null}
            </Text>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
