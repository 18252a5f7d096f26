import { Alert, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import type { Customer } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";
import { Panel } from "../ui/Panel";
import { Trouble } from "../ui/Trouble";
import { CopyDialog } from "./CopyDialog";
import { useErase } from "./queries";

/** What a customer may ask for: a copy of everything held about them, and to be forgotten. */
export function Rights({ customer, owner }: { customer: Customer; owner: boolean }) {
  const words = useWords().customer.rights;
  const [open, { open: show, close }] = useDisclosure(false);
  const [asking, { open: ask, close: leave }] = useDisclosure(false);
  return (
    <Panel title={words.title}>
      <Stack gap="sm">
        <Text className="soft" fz="sm">
          {owner ? words.intro : words.ownersOnly}
        </Text>
        <Progress customer={customer} />
        {owner ? (
          <Group gap="xs">
            <Button onClick={ask} variant="light">
              {words.download}
            </Button>
            {customer.erasure ? null : (
              <Button color="clay" onClick={show} variant="subtle">
                {words.erase}
              </Button>
            )}
          </Group>
        ) : null}
      </Stack>
      <Confirm close={close} id={customer.id} open={open} />
      <CopyDialog close={leave} id={customer.id} open={asking} />
    </Panel>
  );
}

function Progress({ customer }: { customer: Customer }) {
  const words = useWords().customer.rights;
  const format = useFormat();
  if (!customer.erasure) return null;
  const { done_at } = customer.erasure;
  return (
    <Alert color={done_at ? "stone" : "honey"} role="status" variant="light">
      {done_at ? words.done(format.moment(done_at)) : words.asked}
    </Alert>
  );
}

function Confirm({ close, id, open }: { close: () => void; id: number; open: boolean }) {
  const words = useWords();
  const rights = words.customer.rights;
  const [typed, setTyped] = useState("");
  const erase = useErase(id);
  const number = String(id);
  return (
    <Dialog onClose={close} opened={open} title={rights.question(number)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          erase.mutate(undefined, { onSuccess: close });
        }}
      >
        <Stack gap="md">
          <Text fz="sm">{rights.consequence}</Text>
          <TextInput
            autoComplete="off"
            inputMode="numeric"
            label={rights.typeNumber(number)}
            onChange={(event) => setTyped(event.currentTarget.value)}
            value={typed}
          />
          {erase.isError ? <Trouble error={erase.error} /> : null}
          <Group justify="flex-end">
            <Button onClick={close} variant="default">
              {rights.cancel}
            </Button>
            <Button
              color="clay"
              disabled={typed.trim() !== number}
              loading={erase.isPending}
              type="submit"
            >
              {rights.confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
