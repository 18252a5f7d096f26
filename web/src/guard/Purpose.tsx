import { Badge, Group, Text } from "@mantine/core";
import { useFormat } from "../i18n/useFormat";
import { useLocale, useTitle, useWords } from "../i18n/useWords";
import type { PurposeView } from "./types";

/** One purpose: what for, what it covers, for how long, and what was not kept. */
export function Purpose({ purpose, days }: { purpose: PurposeView; days: number }) {
  const { locale, words: all } = useLocale();
  const words = all.guard.privacy;
  const title = useTitle();
  const asked = purpose.basis === "consent";
  return (
    <li>
      <Group gap="xs" justify="space-between">
        <Text fw={700}>{title(purpose)}</Text>
        <Group gap={6}>
          {purpose.active ? null : (
            <Badge color="stone" radius="sm" variant="light">
              {words.inactive}
            </Badge>
          )}
          <Badge color={asked ? "honey" : "pine"} radius="sm" variant="light">
            {words.basis[purpose.basis]}
          </Badge>
        </Group>
      </Group>
      <Text fz="sm">{locale === "ko" ? purpose.why_ko : purpose.why_en}</Text>
      <Facts purpose={purpose} />
      <Withheld days={days} purpose={purpose} />
    </li>
  );
}

function Facts({ purpose }: { purpose: PurposeView }) {
  const words = useWords().guard.privacy;
  const keep = useKeep();
  const events = purpose.covers_rest
    ? [...purpose.event_names, words.rest]
    : [...purpose.event_names];
  const facts: [string, string][] = [];
  if (events.length > 0) {
    facts.push([words.events, events.join(", ")]);
    facts.push([words.keepEvents, keep(purpose.keep_events_days)]);
  }
  if (purpose.trait_names.length > 0) {
    facts.push([words.traits, purpose.trait_names.join(", ")]);
    facts.push([words.keepTraits, keep(purpose.keep_traits_days)]);
  }
  if (purpose.basis === "consent") {
    facts.push([words.without, words.withoutConsent[purpose.without_consent]]);
  }
  return (
    <dl className="guard-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Says a number of days; none is as long as the customer is one. */
function useKeep(): (days: number | null | undefined) => string {
  const words = useWords().guard.privacy;
  const format = useFormat();
  return (days) => (days ? words.days(format.number(days)) : words.forGood);
}

function Withheld({ purpose, days }: { purpose: PurposeView; days: number }) {
  const words = useWords().guard.privacy;
  const format = useFormat();
  if (purpose.basis !== "consent" && purpose.withheld.length === 0) return null;
  return (
    <Text className="number" fz="sm" mt={4}>
      <span className="soft">{words.withheld(format.number(days))}</span>{" "}
      {purpose.withheld.length === 0
        ? words.nothing
        : purpose.withheld
            .map((one) => `${words.withheldKind[one.kind]} ${format.number(one.count)}`)
            .join(" · ")}
    </Text>
  );
}
