import { Skeleton, Stack, Text } from "@mantine/core";
import type { ChannelReach, EntryCheck, JourneyEntry } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useLocale, useWords } from "../i18n/useWords";
import { Trouble } from "../ui/Trouble";
import { useEntry } from "./queries";

/** What keeps a customer out of a journey, question by question. */
export function EntryPanel({ customer, name }: { customer: number; name: string }) {
  const words = useWords();
  const entry = useEntry(customer, name);
  if (entry.isPending) {
    return <Skeleton aria-label={words.common.loading} height={140} mt="sm" role="status" />;
  }
  if (entry.isError) return <Trouble error={entry.error} retry={() => entry.refetch()} />;
  return <Explained entry={entry.data} />;
}

function Explained({ entry }: { entry: JourneyEntry }) {
  const { locale, words } = useLocale();
  const format = useFormat();
  return (
    <Stack gap="sm" mt="sm">
      <div>
        <Text fw={700}>{entry.headline[locale]}</Text>
        <Text fz="sm">{entry.explanation[locale]}</Text>
        {entry.last_entered_at ? (
          <Text className="soft" fz="sm">
            {words.why.entered(format.moment(entry.last_entered_at))}
          </Text>
        ) : null}
      </div>
      {entry.checks.length > 0 ? <Checks checks={entry.checks} /> : null}
      <Reaches entry={entry} />
    </Stack>
  );
}

function Checks({ checks }: { checks: EntryCheck[] }) {
  const { locale, words } = useLocale();
  return (
    <div>
      <Text fw={700} fz="sm" mb={4}>
        {words.why.questions}
      </Text>
      <ol className="rules">
        {checks.map((check) => (
          <li data-outcome={check.answer} key={check.hurdle}>
            <span>{check.question[locale]}</span>
            <span className="rules-answer">{words.why.answer[check.answer]}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Consent keeps nobody out of a journey: it decides about each message. */
function Reaches({ entry }: { entry: JourneyEntry }) {
  const words = useWords().why;
  if (entry.reach.length === 0) return null;
  return (
    <div>
      <Text fw={700} fz="sm" mb={4}>
        {words.advertising}
      </Text>
      {entry.held_out ? <Text fz="sm">{words.heldOut}</Text> : null}
      {entry.reach.map((one) => (
        <Reach key={one.channel} one={one} />
      ))}
    </div>
  );
}

function Reach({ one }: { one: ChannelReach }) {
  const words = useWords();
  return (
    <Text fz="sm">
      {words.customer.channel[one.channel]} · {words.why.consent[one.consent ?? "none"]} ·{" "}
      {words.why.address[one.address]}
    </Text>
  );
}
