import { Alert, Button, Group, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ApiError } from "../api/client";
import { useWords } from "../i18n/useWords";
import { Empty } from "../ui/Empty";
import { Icon } from "../ui/Icon";
import { Panel } from "../ui/Panel";
import { Trouble } from "../ui/Trouble";
import { AccessTable } from "./AccessTable";
import { type AccessFilter, useAccesses } from "./queries";

const EVERYBODY: AccessFilter = { who: "", by: "" };
const NOT_FOUND = 404;

/** Who saw whose data, of everybody or of one; for owners. */
export function AccessPanel({ owner }: { owner: boolean }) {
  const words = useWords().guard.privacy;
  const [filter, setFilter] = useState(EVERYBODY);
  return (
    <Panel help={words.accessesHelp} title={words.accesses}>
      {owner ? (
        <Stack gap="md">
          <Search filter={filter} search={setFilter} />
          <Found filter={filter} />
        </Stack>
      ) : (
        <Alert color="stone" icon={<Icon name="info" />} variant="light">
          {words.ownersOnly}
        </Alert>
      )}
    </Panel>
  );
}

interface FilterProps {
  filter: AccessFilter;
  search: (filter: AccessFilter) => void;
}

function Search({ filter, search }: FilterProps) {
  const words = useWords().guard.privacy;
  const [typed, setTyped] = useState(filter);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    search({ who: typed.who.trim(), by: typed.by.trim() });
  };
  const clear = () => {
    setTyped(EVERYBODY);
    search(EVERYBODY);
  };
  return (
    <search>
      <form onSubmit={submit}>
        <Group align="flex-end" className="guard-new" gap="sm">
          <TextInput
            label={words.who}
            maxLength={320}
            onChange={(event) => setTyped({ ...typed, who: event.currentTarget.value })}
            placeholder={words.whoHint}
            value={typed.who}
          />
          <TextInput
            label={words.by}
            maxLength={320}
            onChange={(event) => setTyped({ ...typed, by: event.currentTarget.value })}
            placeholder={words.byHint}
            value={typed.by}
          />
          <Group gap="xs">
            <Button type="submit">{words.find}</Button>
            {filter.who || filter.by ? (
              <Button onClick={clear} variant="default">
                {words.clear}
              </Button>
            ) : null}
          </Group>
        </Group>
      </form>
    </search>
  );
}

function Found({ filter }: { filter: AccessFilter }) {
  const words = useWords();
  const found = useAccesses(filter);
  if (found.isPending) {
    return <Skeleton aria-label={words.common.loading} height={280} role="status" />;
  }
  if (found.isError) {
    if (found.error instanceof ApiError && found.error.status === NOT_FOUND) {
      return <Text role="alert">{words.guard.privacy.nobody}</Text>;
    }
    return <Trouble error={found.error} retry={() => found.refetch()} />;
  }
  const accesses = found.data.pages.flatMap((page) => page.accesses);
  if (accesses.length === 0) {
    const { accessesEmpty, accessesEmptyHelp } = words.guard.privacy;
    return <Empty help={accessesEmptyHelp} icon="search" title={accessesEmpty} />;
  }
  return (
    <>
      <AccessTable accesses={accesses} />
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
