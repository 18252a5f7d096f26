import { Button, Group, Stack, Text } from "@mantine/core";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";
import { Refused } from "../ui/Refused";
import { useRemove } from "./queries";
import type { Audience } from "./types";

interface RemoveDialogProps {
  audience: Audience;
  open: boolean;
  close: () => void;
  say: (what: string) => void;
}

/** Asks before everybody is taken out, and says what that does at the network. */
export function RemoveDialog({ audience, open, close, say }: RemoveDialogProps) {
  const words = useWords().audiences;
  const format = useFormat();
  const remove = useRemove();
  const { name, network } = audience;
  const held = audience.added + audience.adding + audience.leaving;
  const yes = () => remove.mutate(name, { onSuccess: () => say(words.removed(name)) });
  return (
    <Dialog onClose={close} opened={open} title={words.removeQuestion(name)}>
      <Stack gap="md">
        <Text fz="sm">{words.removeHelp(format.number(held), words.short[network])}</Text>
        <Refused error={remove.error} title={words.failed} />
        <Group justify="flex-end">
          <Button data-autofocus onClick={close} variant="default">
            {words.cancel}
          </Button>
          <Button color="clay" loading={remove.isPending} onClick={yes}>
            {words.remove}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
