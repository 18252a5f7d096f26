import { Alert, Anchor, Button, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../i18n/useWords";
import { Empty } from "../ui/Empty";
import { Icon } from "../ui/Icon";
import { PageTitle } from "../ui/PageTitle";
import { Panel } from "../ui/Panel";
import { DataTabs } from "../ui/SectionTabs";
import { Trouble } from "../ui/Trouble";
import { AddDialog } from "./AddDialog";
import { EndpointPanel } from "./EndpointPanel";
import { useWebhooks } from "./queries";
import { type Secret, SecretDialog } from "./SecretDialog";
import "./webhooks.css";

interface WebhooksPageProps {
  owner: boolean;
  writes: boolean;
}

/** Who hears what happens here; where to and with what only owners may change. */
export function WebhooksPage({ owner, writes }: WebhooksPageProps) {
  const words = useWords();
  const webhooks = useWebhooks();
  const [adding, add] = useState(false);
  const [secret, show] = useState<Secret | null>(null);
  const [said, say] = useState("");
  const endpoints = webhooks.data?.endpoints ?? [];
  return (
    <>
      <PageTitle
        aside={
          owner ? (
            <Button leftSection={<Icon name="plus" size={16} />} onClick={() => add(true)}>
              {words.webhooks.add}
            </Button>
          ) : null
        }
        subtitle={words.webhooks.subtitle}
        title={words.webhooks.title}
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
        {owner ? null : (
          <Alert color="stone" icon={<Icon name="info" />} variant="light">
            {words.webhooks.ownersOnly}
          </Alert>
        )}
        {webhooks.isPending ? (
          <Skeleton aria-label={words.common.loading} height={240} radius={16} role="status" />
        ) : null}
        {webhooks.isError && !webhooks.data ? (
          <Trouble error={webhooks.error} retry={() => webhooks.refetch()} />
        ) : null}
        {webhooks.data && endpoints.length === 0 ? (
          <div className="panel">
            <Empty help={words.webhooks.emptyHelp} icon="deliveries" title={words.webhooks.empty} />
          </div>
        ) : null}
        {endpoints.map((endpoint) => (
          <EndpointPanel
            endpoint={endpoint}
            key={endpoint.name}
            kinds={webhooks.data?.kinds ?? []}
            owner={owner}
            say={say}
            show={show}
            writes={writes}
          />
        ))}
        <Help />
      </Stack>
      <AddDialog
        close={() => add(false)}
        kinds={webhooks.data?.kinds ?? []}
        open={adding}
        show={show}
      />
      <SecretDialog close={() => show(null)} secret={secret} />
    </>
  );
}

/** How calls are signed, and how the usual tools take them. */
function Help() {
  const words = useWords().webhooks.help;
  return (
    <Panel title={words.title}>
      <Text fz="sm">
        {words.standard}{" "}
        <Anchor
          className="text-link"
          fz="sm"
          href="https://www.standardwebhooks.com"
          rel="noreferrer"
          target="_blank"
        >
          {words.link}
        </Anchor>
      </Text>
      <ul className="webhooks-help">
        <li>{words.zapier}</li>
        <li>{words.make}</li>
        <li>{words.n8n}</li>
      </ul>
      <Text className="soft" fz="sm">
        {words.doc}
      </Text>
    </Panel>
  );
}
