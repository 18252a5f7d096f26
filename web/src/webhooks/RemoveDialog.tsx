import { Button, Group, Stack, Text } from "@mantine/core";
import { useWords } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";
import { Refused } from "../ui/Refused";
import { useRemove } from "./queries";

interface RemoveDialogProps {
  name: string;
  open: boolean;
  close: () => void;
  say: (what: string) => void;
}

/** Asks before an endpoint goes with all its calls. */
export function RemoveDialog({ name, open, close, say }: RemoveDialogProps) {
  const words = useWords().webhooks;
  const remove = useRemove();
  const yes = () => remove.mutate(name, { onSuccess: () => say(words.removal.removed(name)) });
  return (
    <Dialog onClose={close} opened={open} title={words.removal.question(name)}>
      <Stack gap="md">
        <Text fz="sm">{words.removal.help}</Text>
        <Refused error={remove.error} title={words.failedTo} />
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
