import { Badge, Button, Group, Skeleton, Text } from "@mantine/core";
import { Link } from "react-router";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Disclosure } from "../ui/Disclosure";
import { Trouble } from "../ui/Trouble";
import { wordsOf } from "./names";
import { useDeadLetter } from "./queries";
import type { DeadLetter } from "./types";

interface DeadListProps {
  letters: DeadLetter[];
  retry: ((id: number) => void) | undefined;
}

/** Dead letters one below the other, each with its reason. */
export function DeadList({ letters, retry }: DeadListProps) {
  const words = useWords().sending.dead;
  return (
    <ul aria-label={words.list} className="sending-list" hidden={letters.length === 0}>
      {letters.map((letter) => (
        <OneLetter key={letter.id} letter={letter} retry={retry} />
      ))}
    </ul>
  );
}

interface OneLetterProps {
  letter: DeadLetter;
  retry: ((id: number) => void) | undefined;
}

function OneLetter({ letter, retry }: OneLetterProps) {
  const words = useWords();
  const format = useFormat();
  const { dead, fault, vendors } = words.sending;
  const id = String(letter.id);
  const vendor = vendors.name[letter.provider] ?? letter.provider;
  const where = dead.where(letter.journey ?? dead.noJourney, letter.template);
  return (
    <li>
      <Group align="flex-start" gap="xs" justify="space-between">
        <div className="sending-what">
          <Text fw={700}>{fault[letter.fault ?? "unknown"]}</Text>
          <Text fz="sm">
            {words.customer.channel[letter.channel]} · {where}
          </Text>
          <Text className="soft number" fz="sm">
            {dead.number(id)} · {dead.settled(format.moment(letter.settled_at))}
          </Text>
        </div>
        {letter.obstacle === null ? (
          <Group gap="xs">
            <Badge color="pine" radius="sm" variant="light">
              {dead.safe}
            </Badge>
            {retry ? (
              <Button
                aria-label={dead.retryOne(id)}
                onClick={() => retry(letter.id)}
                size="compact-sm"
                variant="light"
              >
                {dead.retry}
              </Button>
            ) : null}
          </Group>
        ) : (
          <Badge className="sending-badge" color="stone" radius="sm" variant="light">
            {dead.obstacle[letter.obstacle]}
          </Badge>
        )}
      </Group>
      {letter.state === "unknown" ? (
        <Text className="soft" fz="sm" mt={4}>
          {dead.unknownHelp}
        </Text>
      ) : null}
      <Disclosure about={dead.number(id)} less={dead.less} more={dead.more}>
        {() => <Details letter={letter} vendor={vendor} />}
      </Disclosure>
    </li>
  );
}

function Details({ letter, vendor }: { letter: DeadLetter; vendor: string }) {
  const words = useWords();
  const format = useFormat();
  const { dead } = words.sending;
  const said = wordsOf(letter);
  return (
    <div className="sending-details">
      <Text fz="sm">
        <Link className="text-link" to={`/customers/${letter.customer}`}>
          {dead.customer(String(letter.customer))}
        </Link>{" "}
        · {words.customer.purpose[letter.purpose]} · {vendor} ·{" "}
        {dead.attempt(format.number(letter.attempt))} ·{" "}
        {dead.expires(format.moment(letter.expires_at))}
      </Text>
      {said ? (
        <Text fz="sm">
          {dead.said} <code className="sending-said">{said}</code>
        </Text>
      ) : null}
      <Retries id={letter.id} />
    </div>
  );
}

function Retries({ id }: { id: number }) {
  const words = useWords();
  const format = useFormat();
  const { dead } = words.sending;
  const letter = useDeadLetter(id);
  if (letter.isPending) {
    return <Skeleton aria-label={words.common.loading} height={20} role="status" />;
  }
  if (letter.isError) return <Trouble error={letter.error} retry={() => letter.refetch()} />;
  const { retries } = letter.data;
  if (retries.length === 0) {
    return (
      <Text className="soft" fz="sm">
        {dead.noRetries}
      </Text>
    );
  }
  return (
    <>
      <Text fw={600} fz="sm" mt="xs">
        {dead.retries}
      </Text>
      {retries.map((one) => (
        <Text fz="sm" key={one.asked_at}>
          {dead.retriedBy(
            one.asked_by.replace(/^member /, ""),
            format.moment(one.asked_at),
            one.reason,
          )}
        </Text>
      ))}
    </>
  );
}
