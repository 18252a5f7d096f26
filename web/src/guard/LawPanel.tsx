import { Badge, Group, Text, Title } from "@mantine/core";
import { useLocale, useWords } from "../i18n/useWords";
import { Panel } from "../ui/Panel";
import type { LawDuty, LawExample, LawPack, LawRule } from "./types";

/** The law of one country: its rules with their examples, and what people must be told. */
export function LawPanel({ pack }: { pack: LawPack }) {
  const { locale, words } = useLocale();
  const { law } = words.guard;
  const country = new Intl.DisplayNames(locale, { type: "region" });
  const countries = pack.countries.map((code) => country.of(code) ?? code).join(", ");
  const zone = pack.zone ? ` · ${law.zone(pack.zone)}` : "";
  return (
    <Panel help={`${law.countries}: ${countries}${zone}`} title={pack.title[locale]}>
      <ol className="guard-list">
        {pack.rules.map((rule) => (
          <Rule key={`${rule.article.en} ${rule.says.en}`} rule={rule} />
        ))}
        {pack.duties.map((duty) => (
          <Duty duty={duty} key={`${duty.article.en} ${duty.says.en}`} />
        ))}
      </ol>
    </Panel>
  );
}

function Rule({ rule }: { rule: LawRule }) {
  const { locale, words } = useLocale();
  const { law } = words.guard;
  const [from, until] = rule.hours;
  return (
    <li>
      <Title fz="1rem" order={3}>
        {rule.article[locale]}
      </Title>
      <Channels channels={rule.channels} hours={from && until ? law.hours(from, until) : ""} />
      <Text>{rule.says[locale]}</Text>
      <table
        aria-label={`${law.examples}: ${rule.article[locale]}`}
        className="guard-table guard-examples"
      >
        <thead>
          <tr>
            <th scope="col">{law.message}</th>
            <th scope="col">{law.becomes}</th>
          </tr>
        </thead>
        <tbody>
          {rule.examples.map((example) => (
            <Example example={example} key={JSON.stringify(example)} />
          ))}
        </tbody>
      </table>
    </li>
  );
}

function Duty({ duty }: { duty: LawDuty }) {
  const { locale, words } = useLocale();
  const { law } = words.guard;
  return (
    <li>
      <Group gap="xs">
        <Title fz="1rem" order={3}>
          {duty.article[locale]}
        </Title>
        <Badge color="pine" radius="sm" variant="light">
          {law.duty}
        </Badge>
      </Group>
      <Channels channels={duty.channels} hours="" />
      <Text>
        {duty.says[locale]} {law.dutyHelp}
      </Text>
    </li>
  );
}

function Channels({ channels, hours }: { channels: LawRule["channels"]; hours: string }) {
  const { channel } = useWords().customer;
  const names = channels.map((one) => channel[one]).join(", ");
  return (
    <Text className="soft" fz="sm">
      {hours ? `${names} · ${hours}` : names}
    </Text>
  );
}

function Example({ example }: { example: LawExample }) {
  const words = useWords();
  const { law } = words.guard;
  const said = example.consent ? words.customer.consentState[example.consent] : law.nothingSaid;
  const message = [
    words.customer.purpose[example.purpose],
    words.customer.channel[example.channel],
    said,
    example.night ? law.atNight : "",
    example.confirmed ? law.confirmed(example.confirmed) : "",
    example.bought ? law.bought(example.bought) : "",
    example.similar ? law.similar : "",
    example.at,
  ];
  return (
    <tr>
      <td>{message.filter(Boolean).join(" · ")}</td>
      <td>
        <Fate example={example} />
      </td>
    </tr>
  );
}

function Fate({ example }: { example: LawExample }) {
  const words = useWords();
  const { law } = words.guard;
  if (example.passes) {
    return (
      <Text c="pine.8" fw={700} fz="sm">
        {law.passes}
      </Text>
    );
  }
  return (
    <>
      <Text c={example.until ? "honey.8" : "clay.8"} fw={700} fz="sm">
        {example.until ? law.waits(example.until) : law.stops}
      </Text>
      <Text className="soft" fz="xs">
        {words.reasons[example.reason]}
      </Text>
    </>
  );
}
