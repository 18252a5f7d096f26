import { Alert, Button, Group, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useWords } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { Refused } from "../ui/Refused";
import { useDropHeader, useSetHeader } from "./queries";
import type { Endpoint } from "./types";

interface HeadersDialogProps {
  endpoint: Endpoint;
  open: boolean;
  close: () => void;
}

/** What every call bears beside our own headers: names to be seen, values to be set only. */
export function HeadersDialog({ endpoint, open, close }: HeadersDialogProps) {
  const words = useWords().webhooks;
  return (
    <Dialog onClose={close} opened={open} title={words.header.title(endpoint.name)}>
      <Headers endpoint={endpoint} />
    </Dialog>
  );
}

function Headers({ endpoint }: { endpoint: Endpoint }) {
  const words = useWords().webhooks;
  const set = useSetHeader();
  const drop = useDropHeader();
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  const [said, say] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate(
      { endpoint: endpoint.name, name, value },
      {
        onSuccess: () => {
          say(words.header.saved(name));
          setName("");
          setValue("");
        },
      },
    );
  };
  const take = (header: string) =>
    drop.mutate(
      { endpoint: endpoint.name, header },
      { onSuccess: () => say(words.header.removed(header)) },
    );
  return (
    <Stack gap="md">
      <Text fz="sm">{words.header.help}</Text>
      <div className="news" role="status">
        {said ? (
          <Alert color="pine" icon={<Icon name="check" />} p="xs" variant="light">
            {said}
          </Alert>
        ) : null}
      </div>
      <ul
        aria-label={words.headers}
        className="webhooks-headers"
        hidden={endpoint.header_names.length === 0}
      >
        {endpoint.header_names.map((header) => (
          <li key={header}>
            <span>{header}</span>
            <Button
              aria-label={words.header.remove(header)}
              color="clay"
              onClick={() => take(header)}
              size="compact-sm"
              variant="subtle"
            >
              {words.header.short}
            </Button>
          </li>
        ))}
      </ul>
      <form autoComplete="off" onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label={words.header.name}
            maxLength={64}
            onChange={(event) => setName(event.currentTarget.value)}
            placeholder="X-Api-Key"
            required
            value={name}
            withAsterisk={false}
          />
          <PasswordInput
            autoComplete="off"
            label={words.header.value}
            onChange={(event) => setValue(event.currentTarget.value)}
            required
            value={value}
            withAsterisk={false}
          />
          <Refused error={set.error ?? drop.error} title={words.failedTo} />
          <Group justify="flex-end">
            <Button loading={set.isPending} type="submit">
              {words.header.submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Stack>
  );
}
