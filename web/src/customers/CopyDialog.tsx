import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useWords } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";
import { Trouble } from "../ui/Trouble";
import { useCopy } from "./queries";

const LONGEST_REASON = 300;

interface CopyDialogProps {
  id: number;
  open: boolean;
  close: () => void;
}

/** Asks what a copy of everything is for before it is put together. */
export function CopyDialog({ id, open, close }: CopyDialogProps) {
  const words = useWords().customer.rights;
  return (
    <Dialog onClose={close} opened={open} title={words.copyTitle}>
      <Question close={close} id={id} />
    </Dialog>
  );
}

function Question({ id, close }: Omit<CopyDialogProps, "open">) {
  const words = useWords().customer.rights;
  const [reason, setReason] = useState("");
  const [asked, ask] = useState(false);
  const copy = useCopy(id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask(true);
    if (reason.trim() && !copy.isPending) copy.mutate(reason.trim(), { onSuccess: close });
  };
  return (
    <form noValidate onSubmit={submit}>
      <Stack gap="md">
        <Text fz="sm">{words.copyHelp}</Text>
        <TextInput
          autoComplete="off"
          data-autofocus
          error={asked && !reason.trim() ? words.copyMissing : undefined}
          label={words.copyReason}
          maxLength={LONGEST_REASON}
          onChange={(event) => setReason(event.currentTarget.value)}
          placeholder={words.copyHint}
          value={reason}
        />
        <div className="news" role="status">
          {copy.isPending ? <Text fz="sm">{words.copyWait}</Text> : null}
        </div>
        {copy.isError ? <Trouble error={copy.error} /> : null}
        <Group justify="flex-end">
          <Button onClick={close} variant="default">
            {words.cancel}
          </Button>
          <Button loading={copy.isPending} type="submit">
            {words.copySend}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
