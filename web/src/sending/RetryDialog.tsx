import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";
import { Refused } from "../ui/Refused";
import { useRetry } from "./queries";
import type { RetriesWish } from "./types";

/** How many are meant, and which. */
export interface Asked {
  letters: number;
  wish: Omit<RetriesWish, "because">;
}

interface RetryDialogProps {
  asked: Asked | null;
  close: () => void;
  say: (text: string) => void;
}

/** Asks whether dead letters are to be tried again, and why; that is kept. */
export function RetryDialog({ asked, close, say }: RetryDialogProps) {
  const words = useWords().sending.dead;
  const format = useFormat();
  return (
    <Dialog
      onClose={close}
      opened={asked !== null}
      title={asked ? words.question(format.number(asked.letters)) : ""}
    >
      {asked ? <Form asked={asked} close={close} say={say} /> : null}
    </Dialog>
  );
}

function Form({ asked, close, say }: RetryDialogProps & { asked: Asked }) {
  const words = useWords().sending;
  const format = useFormat();
  const [because, setBecause] = useState("");
  const retry = useRetry();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    retry.mutate(
      { ...asked.wish, because: because.trim() },
      {
        onSuccess: ({ retried, refused }) => {
          const lost = refused > 0 ? ` ${words.dead.refused(format.number(refused))}` : "";
          say(words.dead.retried(format.number(retried)) + lost);
          close();
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text fz="sm">{words.dead.questionHelp}</Text>
        <TextInput
          data-autofocus
          description={words.becauseHint}
          inputWrapperOrder={["label", "input", "description", "error"]}
          label={words.because}
          maxLength={200}
          onChange={(event) => setBecause(event.currentTarget.value)}
          pattern=".*\S.*"
          required
          value={because}
          withAsterisk={false}
        />
        <Refused error={retry.error} title={words.failed} />
        <Group justify="flex-end">
          <Button onClick={close} variant="default">
            {words.cancel}
          </Button>
          <Button loading={retry.isPending} type="submit">
            {words.dead.retryAll(format.number(asked.letters))}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
