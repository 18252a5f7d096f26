import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { refusalIn } from "../api/client";
import { useLocale, useWords } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";
import { Trouble } from "../ui/Trouble";
import { useDrop, useLists } from "./queries";

interface RemoveDialogProps {
  /** Which list; null while nothing is asked. */
  name: string | null;
  close: () => void;
  say: (what: string) => void;
}

/** Asks before a list is deleted; one that is used is not even asked for. */
export function RemoveDialog({ name, close, say }: RemoveDialogProps) {
  const words = useWords().lists;
  return (
    <Dialog
      onClose={close}
      opened={name !== null}
      title={name === null ? "" : words.removeQuestion(name)}
    >
      {name === null ? null : <Question close={close} key={name} name={name} say={say} />}
    </Dialog>
  );
}

function Question({ name, close, say }: RemoveDialogProps & { name: string }) {
  const { locale, words: all } = useLocale();
  const words = all.lists;
  const lists = useLists();
  const drop = useDrop();
  const users = lists.data?.find((one) => one.name === name)?.used_by ?? [];
  const said = refusalIn(drop.error);
  const refused = (locale === "ko" ? said?.message_ko : said?.message) ?? "";
  const yes = () =>
    drop.mutate(name, {
      onSuccess: () => {
        say(words.removed(name));
        close();
      },
    });
  return (
    <Stack gap="md">
      {users.length > 0 || refused !== "" ? (
        <Alert color="clay" role="alert" title={words.inUse} variant="light">
          {users.length > 0 ? words.inUseHelp(users.join(", ")) : refused}
        </Alert>
      ) : (
        <Text fz="sm">{words.removeHelp}</Text>
      )}
      {drop.isError && !refused ? <Trouble error={drop.error} /> : null}
      <Group justify="flex-end">
        <Button data-autofocus onClick={close} variant="default">
          {words.cancel}
        </Button>
        <Button color="clay" disabled={users.length > 0} loading={drop.isPending} onClick={yes}>
          {words.removeYes}
        </Button>
      </Group>
    </Stack>
  );
}
