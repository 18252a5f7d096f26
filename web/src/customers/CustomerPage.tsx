import { Badge, Grid, Group, Skeleton, Stack, Text } from "@mantine/core";
import { Link, useParams } from "react-router";
import type { Customer } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Icon } from "../ui/Icon";
import { PageTitle } from "../ui/PageTitle";
import { Trouble } from "../ui/Trouble";
import "./customers.css";
import { Aside } from "./Aside";
import { useCustomer } from "./queries";
import { TimelinePanel } from "./TimelinePanel";

/** `owner` tells whether the reader may export and erase. */
export function CustomerPage({ owner }: { owner: boolean }) {
  const words = useWords();
  const id = Number(useParams().id);
  const customer = useCustomer(id);
  return (
    <>
      <Link className="row-link soft" style={{ width: "fit-content" }} to="/customers">
        <Group gap={4}>
          <Icon name="back" size={16} />
          {words.customers.title}
        </Group>
      </Link>
      {customer.isPending ? (
        <Skeleton
          aria-label={words.common.loading}
          height={420}
          mt="sm"
          radius={16}
          role="status"
        />
      ) : null}
      {customer.isError ? (
        <Trouble error={customer.error} retry={() => customer.refetch()} />
      ) : null}
      {customer.data ? <Portrait customer={customer.data} owner={owner} /> : null}
    </>
  );
}

function Portrait({ customer, owner }: { customer: Customer; owner: boolean }) {
  const words = useWords();
  const format = useFormat();
  const external = customer.identifiers.find((one) => one.kind === "external");
  const email = customer.identifiers.find((one) => one.kind === "email");
  return (
    <>
      <PageTitle
        aside={<Standing customer={customer} />}
        subtitle={email?.value}
        title={external?.value ?? words.customers.number(format.number(customer.id))}
      />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="md">
            <Facts customer={customer} />
            <Link className="text-link" to={`/customers/${customer.id}/why`}>
              {words.why.link}
            </Link>
            <TimelinePanel id={customer.id} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Aside customer={customer} owner={owner} />
        </Grid.Col>
      </Grid>
    </>
  );
}

/** Whether this customer may and can be written to, at a glance. */
function Standing({ customer }: { customer: Customer }) {
  const words = useWords().customer;
  const agreed = customer.consents.some(
    (consent) => consent.purpose === "marketing" && consent.state === "granted",
  );
  const [label, color] = reach(customer, words);
  return (
    <Group gap="xs">
      <Badge color={agreed ? "pine" : "stone"} radius="sm" size="lg" variant="light">
        {agreed ? words.mayAdvertise : words.mayNotAdvertise}
      </Badge>
      <Badge color={color} radius="sm" size="lg" variant="light">
        {label}
      </Badge>
    </Group>
  );
}

function reach(
  customer: Customer,
  words: ReturnType<typeof useWords>["customer"],
): [string, string] {
  const address = customer.addresses[0];
  if (customer.state === "erased") return [words.erased, "stone"];
  if (!address) return [words.noAddress, "stone"];
  if (address.suppressed_because) return [words.suppressed, "clay"];
  if (address.state === "bounced") return [words.bounced, "clay"];
  return [words.reachable, "pine"];
}

function Facts({ customer }: { customer: Customer }) {
  const words = useWords();
  const format = useFormat();
  const orders = customer.activity.find((one) => one.name === "Order Completed");
  const facts = [
    [words.customer.orders, words.common.times(format.number(orders?.count ?? 0))],
    [words.customer.spent, format.money(orders?.revenue ?? "0", null)],
    [words.customer.firstSeen, format.date(customer.first_seen_at)],
    [words.customer.lastSeen, format.date(customer.last_seen_at)],
  ];
  return (
    <div className="panel">
      <dl className="facts" style={{ marginTop: 0 }}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="number">
              <Text component="span" fw={700} fz="lg">
                {value}
              </Text>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
