import { Button, CloseButton, Group, Pill, Skeleton, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { useSearchParams } from "react-router";
import type { DecisionReason } from "../api/types";
import { useWords } from "../i18n/useWords";
import { Empty } from "../ui/Empty";
import { Icon } from "../ui/Icon";
import { PageTitle } from "../ui/PageTitle";
import { Trouble } from "../ui/Trouble";
import { CustomerList } from "./CustomerList";
import "./customers.css";
import { useCustomers, type Wanted } from "./queries";

function useWanted(): Wanted {
  const [params] = useSearchParams();
  const words = useWords();
  const reason = params.get("reason");
  const segment = Number(params.get("segment"));
  return {
    query: params.get("query") ?? "",
    segment: Number.isInteger(segment) && segment > 0 ? segment : null,
    reason: reason && reason in words.reasons ? (reason as DecisionReason) : null,
  };
}

export function CustomersPage() {
  const words = useWords();
  const wanted = useWanted();
  return (
    <>
      <PageTitle subtitle={words.customers.subtitle} title={words.customers.title} />
      <Stack gap="md">
        <Search query={wanted.query} />
        <Filters wanted={wanted} />
        <Found wanted={wanted} />
      </Stack>
    </>
  );
}

function Search({ query }: { query: string }) {
  const words = useWords().customers;
  const [, setParams] = useSearchParams();
  const [typed, setTyped] = useState(query);
  useEffect(() => setTyped(query), [query]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setParams(typed.trim() ? { query: typed.trim() } : {});
  };
  return (
    <search>
      <form onSubmit={submit}>
        <Group gap="sm" wrap="nowrap">
          <TextInput
            aria-label={words.search}
            flex={1}
            leftSection={<Icon name="search" size={18} />}
            maw={480}
            onChange={(event) => setTyped(event.currentTarget.value)}
            placeholder={words.placeholder}
            rightSection={
              typed ? <CloseButton aria-label={words.clear} onClick={() => setParams({})} /> : null
            }
            size="md"
            value={typed}
          />
          <Button size="md" type="submit">
            {words.submit}
          </Button>
        </Group>
      </form>
    </search>
  );
}

function Filters({ wanted }: { wanted: Wanted }) {
  const words = useWords();
  const [, setParams] = useSearchParams();
  const label = wanted.reason
    ? words.customers.filterReason(words.reasons[wanted.reason])
    : words.customers.filterSegment;
  if (!wanted.reason && !wanted.segment) return null;
  return (
    <div>
      <Pill
        onRemove={() => setParams({})}
        removeButtonProps={{
          "aria-label": words.customers.clear,
          "aria-hidden": false,
          tabIndex: 0,
        }}
        size="lg"
        withRemoveButton
      >
        {label}
      </Pill>
    </div>
  );
}

function Found({ wanted }: { wanted: Wanted }) {
  const words = useWords();
  const found = useCustomers(wanted);
  if (found.isPending) {
    return <Skeleton aria-label={words.common.loading} height={420} radius={16} role="status" />;
  }
  if (found.isError) return <Trouble error={found.error} retry={() => found.refetch()} />;
  const customers = found.data.pages.flatMap((page) => page.customers);
  if (customers.length === 0) return <Nobody wanted={wanted} />;
  return (
    <>
      <CustomerList customers={customers} />
      {found.hasNextPage ? (
        <Button
          loading={found.isFetchingNextPage}
          mx="auto"
          onClick={() => found.fetchNextPage()}
          variant="default"
        >
          {words.common.more}
        </Button>
      ) : null}
    </>
  );
}

function Nobody({ wanted }: { wanted: Wanted }) {
  const words = useWords().customers;
  const searched = wanted.query !== "" || wanted.reason !== null || wanted.segment !== null;
  return (
    <div className="panel">
      <Empty
        help={searched ? words.notFoundHelp : words.emptyHelp}
        icon={searched ? "search" : "customers"}
        title={searched ? words.notFound : words.empty}
      />
    </div>
  );
}
