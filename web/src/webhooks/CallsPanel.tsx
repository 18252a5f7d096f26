import { Badge, Button, Checkbox, Group, Select, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Refused } from "../ui/Refused";
import { Trouble } from "../ui/Trouble";
import { useCalls, useReplay } from "./queries";
import type { Call, CallState } from "./types";

const STATES = ["failed", "waiting", "delivered", "dropped"] as const;
const COLORS = {
  waiting: "honey",
  calling: "honey",
  delivered: "pine",
  failed: "clay",
  dropped: "stone",
};
const HOURS = [24, 168, 744] as const;

interface CallsPanelProps {
  name: string;
  writes: boolean;
  say: (what: string) => void;
}

/** What an endpoint was told, what it answered, and sending it again. */
export function CallsPanel({ name, writes, say }: CallsPanelProps) {
  const words = useWords();
  const [state, choose] = useState<CallState | null>(null);
  const calls = useCalls(name, state);
  const { calls: said } = words.webhooks;
  return (
    <Stack gap="sm" mt="xs">
      <Select
        allowDeselect={false}
        className="webhooks-filter"
        data={[
          { value: "", label: said.every },
          ...STATES.map((value) => ({ value, label: said.state[value] })),
        ]}
        label={said.filter}
        onChange={(value) => choose(STATES.find((one) => one === value) ?? null)}
        value={state ?? ""}
      />
      {calls.isPending ? (
        <Skeleton aria-label={words.common.loading} height={80} role="status" />
      ) : null}
      {calls.isError && !calls.data ? (
        <Trouble error={calls.error} retry={() => calls.refetch()} />
      ) : null}
      {calls.data?.length === 0 ? (
        <Text className="soft" fz="sm">
          {state ? said.none : said.empty}
        </Text>
      ) : null}
      <ul
        aria-label={said.table(name)}
        className="webhooks-calls"
        hidden={!calls.data || calls.data.length === 0}
      >
        {calls.data?.map((call) => (
          <OneCall call={call} key={call.ref} name={name} say={say} writes={writes} />
        ))}
      </ul>
      {calls.data && calls.data.length > 0 ? (
        <Text className="soft" fz="xs">
          {said.latest}
        </Text>
      ) : null}
      {writes ? <Replay name={name} say={say} /> : null}
    </Stack>
  );
}

/** What came of a replay, in words. */
function useTold(say: (what: string) => void): (answer: { calls: number }) => void {
  const words = useWords().webhooks.calls;
  const format = useFormat();
  return ({ calls }) => say(calls > 0 ? words.replayed(format.number(calls)) : words.nothing);
}

function OneCall({ call, name, writes, say }: CallsPanelProps & { call: Call }) {
  const words = useWords();
  const format = useFormat();
  const replay = useReplay();
  const told = useTold(say);
  const { calls, kind } = words.webhooks;
  const when = format.moment(call.occurred_at);
  const over = call.state === "failed" || call.state === "delivered";
  return (
    <li>
      <div>
        <Group gap="xs">
          <Badge color={COLORS[call.state]} radius="sm" variant="light">
            {calls.state[call.state]}
          </Badge>
          <Text fw={600} fz="sm">
            {kind[call.kind]}
          </Text>
          {call.customer_id === null ? null : (
            <Link className="text-link webhooks-who" to={`/customers/${call.customer_id}`}>
              {words.customers.number(String(call.customer_id))}
            </Link>
          )}
        </Group>
        <Text className="soft number" fz="sm">
          {[
            when,
            calls.attempts(format.number(call.attempts)),
            ...sayAnswer(call, calls, format),
          ].join(" · ")}
        </Text>
        {call.answer && call.state !== "delivered" ? (
          <Text className="webhooks-answer" fz="xs">
            {call.answer}
          </Text>
        ) : null}
      </div>
      {writes && over ? (
        <Button
          aria-label={calls.againOne(`${kind[call.kind]}, ${when}`)}
          loading={replay.isPending}
          onClick={() =>
            replay.mutate({ name, ref: call.ref, only_failed: false }, { onSuccess: told })
          }
          size="compact-sm"
          variant="subtle"
        >
          {calls.again}
        </Button>
      ) : null}
      <Refused error={replay.error} title={words.webhooks.failedTo} />
    </li>
  );
}

function sayAnswer(
  call: Call,
  words: ReturnType<typeof useWords>["webhooks"]["calls"],
  format: ReturnType<typeof useFormat>,
): string[] {
  if (call.attempts === 0 || call.state === "dropped") return [];
  const said = [call.status === null ? words.noAnswer : words.status(String(call.status))];
  if (call.state === "waiting" && call.due_at) said.push(words.next(format.moment(call.due_at)));
  return said;
}

/** Everything of a time at once. */
function Replay({ name, say }: Pick<CallsPanelProps, "name" | "say">) {
  const words = useWords().webhooks;
  const replay = useReplay();
  const told = useTold(say);
  const [hours, setHours] = useState("24");
  const [onlyFailed, setOnlyFailed] = useState(true);
  const go = () =>
    replay.mutate({ name, hours: Number(hours), only_failed: onlyFailed }, { onSuccess: told });
  return (
    <div className="webhooks-replay">
      <Group align="flex-end" gap="sm">
        <Select
          allowDeselect={false}
          data={HOURS.map((one) => ({ value: String(one), label: words.calls.hours[one] }))}
          label={words.calls.since}
          onChange={(value) => setHours(value ?? "24")}
          value={hours}
        />
        <Checkbox
          checked={onlyFailed}
          label={words.calls.onlyFailed}
          mb={8}
          onChange={(event) => setOnlyFailed(event.currentTarget.checked)}
        />
        <Button loading={replay.isPending} onClick={go} variant="light">
          {words.calls.replay}
        </Button>
      </Group>
      <Text className="soft" fz="xs" mt={6}>
        {words.calls.replayHelp}
      </Text>
      <Refused error={replay.error} title={words.failedTo} />
    </div>
  );
}
