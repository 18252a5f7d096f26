import { Badge, Button, Group, Skeleton, Text } from "@mantine/core";
import type { JudgedMessage } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useTitle, useWords } from "../i18n/useWords";
import { Disclosure } from "../ui/Disclosure";
import { Empty } from "../ui/Empty";
import { Panel } from "../ui/Panel";
import { Trouble } from "../ui/Trouble";
import { useJudged } from "./queries";
import { readable } from "./readable";
import { WhyPanel } from "./WhyPanel";

const COLORS: Record<JudgedMessage["state"], string> = {
  planned: "stone",
  held: "honey",
  skipped: "clay",
  allowed: "pine",
  handed: "pine",
  failed: "clay",
};

/** Every message planned for a customer, each with every reason that spoke. */
export function JudgedList({ customer }: { customer: number }) {
  const words = useWords();
  const judged = useJudged(customer);
  const messages = judged.data?.pages.flatMap((page) => page.messages) ?? [];
  return (
    <Panel help={words.why.messagesHelp} title={words.why.messages}>
      {judged.isPending ? (
        <Skeleton aria-label={words.common.loading} height={280} role="status" />
      ) : null}
      {judged.isError ? <Trouble error={judged.error} retry={() => judged.refetch()} /> : null}
      {judged.data && messages.length === 0 ? (
        <Empty help={words.why.emptyHelp} icon="decisions" title={words.why.empty} />
      ) : null}
      <ul className="judged">
        {messages.map((message) => (
          <Judged customer={customer} key={message.id} message={message} />
        ))}
      </ul>
      {judged.hasNextPage ? (
        <Button
          fullWidth
          loading={judged.isFetchingNextPage}
          mt="md"
          onClick={() => judged.fetchNextPage()}
          variant="default"
        >
          {words.common.more}
        </Button>
      ) : null}
    </Panel>
  );
}

function Judged({ customer, message }: { customer: number; message: JudgedMessage }) {
  const words = useWords();
  const title = useTitle();
  const subject = readable(message.subject) || message.template;
  return (
    <li>
      <Group gap="xs" justify="space-between" wrap="nowrap">
        <Text fw={700}>{subject}</Text>
        <Badge color={COLORS[message.state]} radius="sm" style={{ flexShrink: 0 }} variant="light">
          {words.why.state[message.state]}
        </Badge>
      </Group>
      <Text className="soft" fz="sm">
        {title(message)} · {words.customer.channel[message.channel]} ·{" "}
        {words.customer.purpose[message.purpose]}
      </Text>
      <Reasons message={message} />
      <Times message={message} />
      <Disclosure about={subject} less={words.customer.whyHide} more={words.why.more}>
        {() => <WhyPanel customer={customer} message={message.id} />}
      </Disclosure>
    </li>
  );
}

/** The reason that decided, and those that would have, too. */
function Reasons({ message }: { message: JudgedMessage }) {
  const words = useWords();
  const [first, ...others] = message.reasons;
  if (!first) {
    return (
      <Text fz="sm" mt={4}>
        {words.guard.reasons.unjudged}
      </Text>
    );
  }
  return (
    <>
      <Text fw={600} fz="sm" mt={4}>
        {words.reasons[first]}
      </Text>
      {others.length > 0 ? (
        <Text fz="sm">
          <span className="soft">{words.why.also}</span>{" "}
          {others.map((reason) => words.reasons[reason]).join(" · ")}
        </Text>
      ) : null}
    </>
  );
}

function Times({ message }: { message: JudgedMessage }) {
  const words = useWords().why;
  const format = useFormat();
  const times = [
    [words.planned, message.planned_at],
    [words.decided, message.decided_at],
    [words.handed, message.handed_at],
    [words.until, message.hold_until],
  ] as const;
  return (
    <dl className="times">
      {times.map(([label, at]) =>
        at ? (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="number">{format.moment(at)}</dd>
          </div>
        ) : null,
      )}
      {message.looks > 1 ? (
        <div>
          <dt>{words.looks(message.looks)}</dt>
        </div>
      ) : null}
    </dl>
  );
}
