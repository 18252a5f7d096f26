import { Alert, Badge, Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Icon } from "../ui/Icon";
import { Panel } from "../ui/Panel";
import { Refused } from "../ui/Refused";
import { usePause, useResume, useSync } from "./queries";
import { RemoveDialog } from "./RemoveDialog";
import type { Audience, Reason } from "./types";

const COLORS = { running: "pine", paused: "stone", ended: "stone", fault: "clay" };

interface AudiencePanelProps {
  audience: Audience;
  writes: boolean;
  say: (what: string) => void;
}

/** An audience: who is there, who is left out and why, and what can be done. */
export function AudiencePanel({ audience, writes, say }: AudiencePanelProps) {
  const words = useWords().audiences;
  const standing = standingOf(audience);
  return (
    <Panel
      aside={
        <Badge color={COLORS[standing]} radius="sm" variant="light">
          {words.standing[standing]}
        </Badge>
      }
      title={audience.name}
    >
      {audience.fault ? (
        <Alert color="clay" icon={<Icon name="info" />} mb="sm" p="sm" variant="light">
          <Text fz="sm">{words.fault[audience.fault]}</Text>
          {audience.fault === "account" ? (
            <Text className="audiences-said" fz="xs">
              {words.said(audience.fault_said)}
            </Text>
          ) : null}
        </Alert>
      ) : null}
      <Facts audience={audience} />
      <LeftOut audience={audience} />
      {writes ? <Deeds audience={audience} say={say} /> : null}
    </Panel>
  );
}

function standingOf(audience: Audience): keyof typeof COLORS {
  if (audience.fault) return "fault";
  if (audience.ended) return "ended";
  return audience.paused_at === null ? "running" : "paused";
}

function Facts({ audience }: { audience: Audience }) {
  const words = useWords().audiences;
  const format = useFormat();
  const { fact } = words;
  const inside = [words.ofMost(format.number(audience.added), format.number(audience.most))];
  if (audience.adding > 0) inside.push(words.adding(format.number(audience.adding)));
  if (audience.leaving > 0) inside.push(words.leaving(format.number(audience.leaving)));
  return (
    <dl className="audiences-facts">
      <div>
        <dt>{fact.segment}</dt>
        <dd>
          <Link className="text-link" to={`/segments/${encodeURIComponent(audience.segment)}`}>
            {audience.segment}
          </Link>
          {` → ${words.short[audience.network]}`}
        </dd>
      </div>
      <div>
        <dt>{fact.inside}</dt>
        <dd className="number">{inside.join(" · ")}</dd>
      </div>
      <div>
        <dt>{fact.channels}</dt>
        <dd>{audience.channels.map((one) => words.channel[one] ?? one).join(", ")}</dd>
      </div>
      <div>
        <dt>{fact.ref}</dt>
        <dd>{audience.network_ref}</dd>
      </div>
      <div>
        <dt>{fact.ends}</dt>
        <dd>{format.date(audience.ends_at)}</dd>
      </div>
      <div>
        <dt>{fact.synced}</dt>
        <dd>{audience.synced_at ? format.moment(audience.synced_at) : words.never}</dd>
      </div>
    </dl>
  );
}

function LeftOut({ audience }: { audience: Audience }) {
  const words = useWords().audiences;
  const format = useFormat();
  if (audience.synced_at === null) return null;
  const full = audience.added + audience.adding + audience.leaving >= audience.most;
  const say = (reason: Reason) => words.reason[reason === "over_most" && !full ? "waits" : reason];
  const reasons = (Object.entries(audience.left_out) as [Reason, number][]).sort(
    (one, other) => other[1] - one[1],
  );
  return (
    <div className="audiences-left-out">
      <Text component="h3" fw={700} fz="sm">
        {words.leftOut}
      </Text>
      {reasons.length === 0 ? (
        <Text className="soft" fz="sm">
          {words.nobodyLeftOut}
        </Text>
      ) : null}
      <ul className="audiences-rows" hidden={reasons.length === 0}>
        {reasons.map(([reason, count]) => (
          <li key={reason}>
            <span>{say(reason)}</span>
            <span className="number">{words.count(format.number(count))}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Deeds({ audience, say }: Omit<AudiencePanelProps, "writes">) {
  const words = useWords().audiences;
  const sync = useSync();
  const pause = usePause();
  const resume = useResume();
  const [asked, ask] = useState(false);
  const { name } = audience;
  const paused = audience.paused_at !== null;
  return (
    <>
      <Refused error={sync.error ?? pause.error ?? resume.error} title={words.failed} />
      <Group gap="xs" mt="sm">
        {paused ? (
          <Button
            aria-label={words.resumeOne(name)}
            loading={resume.isPending}
            onClick={() => resume.mutate(name, { onSuccess: () => say(words.resumed(name)) })}
            size="compact-md"
          >
            {words.resume}
          </Button>
        ) : (
          <>
            <Button
              aria-label={words.syncOne(name)}
              loading={sync.isPending}
              onClick={() => sync.mutate(name, { onSuccess: () => say(words.synced(name)) })}
              size="compact-md"
              variant="light"
            >
              {words.sync}
            </Button>
            <Button
              aria-label={words.pauseOne(name)}
              loading={pause.isPending}
              onClick={() => pause.mutate(name, { onSuccess: () => say(words.paused(name)) })}
              size="compact-md"
              variant="default"
            >
              {words.pause}
            </Button>
          </>
        )}
        <Button
          aria-label={words.removeOne(name)}
          color="clay"
          onClick={() => ask(true)}
          size="compact-md"
          variant="subtle"
        >
          {words.remove}
        </Button>
      </Group>
      <RemoveDialog audience={audience} close={() => ask(false)} open={asked} say={say} />
    </>
  );
}
