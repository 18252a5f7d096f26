import { Grid, Group } from "@mantine/core";
import { Link, useParams } from "react-router";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Icon } from "../ui/Icon";
import { PageTitle } from "../ui/PageTitle";
import { Trouble } from "../ui/Trouble";
import "./customers.css";
import { EntryList } from "./EntryList";
import { JudgedList } from "./JudgedList";
import { useCustomer } from "./queries";

/** Everything that was or was not sent to one customer, and every journey they are not in. */
export function WhyPage() {
  const words = useWords();
  const format = useFormat();
  const id = Number(useParams().id);
  const customer = useCustomer(id);
  const external = customer.data?.identifiers.find((one) => one.kind === "external")?.value;
  const name = external ?? words.customers.number(format.number(id));
  return (
    <>
      <Link
        className="row-link soft"
        style={{ width: "fit-content" }}
        to={customer.isError ? "/customers" : `/customers/${id}`}
      >
        <Group gap={4}>
          <Icon name="back" size={16} />
          {customer.isError ? words.customers.title : name}
        </Group>
      </Link>
      <PageTitle
        subtitle={customer.data ? words.why.subtitle(name) : undefined}
        title={words.why.title}
      />
      {customer.isError ? (
        <Trouble error={customer.error} retry={() => customer.refetch()} />
      ) : (
        <Grid gap="md">
          <Grid.Col span={{ base: 12, md: 7 }}>
            <JudgedList customer={id} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 5 }}>
            <EntryList customer={id} />
          </Grid.Col>
        </Grid>
      )}
    </>
  );
}
