import { Badge, Group, Stack, Text } from "@mantine/core";
import type { Customer } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useTitle, useWords } from "../i18n/useWords";
import { Panel } from "../ui/Panel";
import { Parts } from "./Parts";
import { Rights } from "./Rights";

/** What holds for this customer now: consent, segments, journeys, names, traits. */
export function Aside({ customer, owner }: { customer: Customer; owner: boolean }) {
  return (
    <Stack gap="md">
      <Consents customer={customer} />
      <Enrollments customer={customer} />
      <Memberships customer={customer} />
      <KnownAs customer={customer} />
      <Parts customer={customer} />
      <Rights customer={customer} owner={owner} />
    </Stack>
  );
}

function Consents({ customer }: { customer: Customer }) {
  const words = useWords().customer;
  const format = useFormat();
  return (
    <Panel title={words.consents}>
      {customer.consents.length === 0 ? <Nothing text={words.consentsEmpty} /> : null}
      <Stack gap="sm">
        {customer.consents.map((consent) => (
          <div key={`${consent.channel}-${consent.purpose}`}>
            <Group justify="space-between">
              <Text fw={600}>
                {words.channel[consent.channel]} · {words.purpose[consent.purpose]}
              </Text>
              <Badge
                color={consent.state === "granted" ? "pine" : "clay"}
                radius="sm"
                variant="light"
              >
                {words.consentState[consent.state]}
              </Badge>
            </Group>
            <Text className="soft" fz="sm">
              {words.since(format.day(consent.since), consent.source)}
            </Text>
          </div>
        ))}
      </Stack>
    </Panel>
  );
}

function Enrollments({ customer }: { customer: Customer }) {
  const words = useWords().customer;
  const format = useFormat();
  const title = useTitle();
  return (
    <Panel title={words.journeys}>
      {customer.enrollments.length === 0 ? <Nothing text={words.journeysEmpty} /> : null}
      <Stack gap="sm">
        {customer.enrollments.map((enrollment) => (
          <div key={enrollment.id}>
            <Group justify="space-between" wrap="nowrap">
              <Text fw={600}>{title(enrollment)}</Text>
              <Badge
                color={enrollment.state === "ended" ? "stone" : "honey"}
                radius="sm"
                style={{ flexShrink: 0 }}
                variant="light"
              >
                {enrollment.end_reason
                  ? words.ending[enrollment.end_reason]
                  : words.enrollment[enrollment.state]}
              </Badge>
            </Group>
            <Text className="soft" fz="sm">
              {enrollment.wake_at
                ? words.wakes(format.moment(enrollment.wake_at))
                : format.day(enrollment.ended_at ?? enrollment.entered_at)}
            </Text>
          </div>
        ))}
      </Stack>
    </Panel>
  );
}

function Memberships({ customer }: { customer: Customer }) {
  const words = useWords().customer;
  const format = useFormat();
  const title = useTitle();
  return (
    <Panel title={words.segments}>
      {customer.memberships.length === 0 ? <Nothing text={words.segmentsEmpty} /> : null}
      {customer.memberships.map((membership) => (
        <div key={membership.id}>
          <Text fw={600}>{title(membership)}</Text>
          <Text className="soft" fz="sm">
            {format.day(membership.entered_at)}
          </Text>
        </div>
      ))}
    </Panel>
  );
}

function KnownAs({ customer }: { customer: Customer }) {
  const words = useWords().customer;
  const pairs = [
    ...customer.identifiers.map((one) => ({ name: words.identifier[one.kind], value: one.value })),
    ...customer.traits,
  ];
  return (
    <Panel title={words.traits}>
      {pairs.length === 0 ? <Nothing text={words.traitsEmpty} /> : null}
      <dl className="pairs">
        {pairs.map((pair) => (
          <div key={`${pair.name}-${pair.value}`} style={{ display: "contents" }}>
            <dt>{pair.name}</dt>
            <dd>{pair.value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Nothing({ text }: { text: string }) {
  return (
    <Text className="soft" fz="sm">
      {text}
    </Text>
  );
}
