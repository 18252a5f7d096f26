import { Button, CopyButton, Group, Stack, Text, TextInput } from "@mantine/core";
import { useWords } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";

/** A secret that is shown once, and what it is of. */
export interface Secret {
  title: string;
  value: string;
}

export function SecretDialog({ secret, close }: { secret: Secret | null; close: () => void }) {
  const words = useWords().webhooks;
  return (
    <Dialog
      closeOnClickOutside={false}
      onClose={close}
      opened={secret !== null}
      title={secret?.title ?? ""}
    >
      {secret ? (
        <Stack gap="md">
          <Text fz="sm">{words.secret.help}</Text>
          <TextInput
            data-autofocus
            label={words.secret.label}
            onFocus={(event) => event.currentTarget.select()}
            readOnly
            value={secret.value}
          />
          <Group justify="flex-end">
            <CopyButton timeout={3000} value={secret.value}>
              {({ copied, copy }) => (
                <Button onClick={copy} variant="light">
                  {copied ? words.secret.copied : words.secret.copy}
                </Button>
              )}
            </CopyButton>
            <Button onClick={close}>{words.done}</Button>
          </Group>
        </Stack>
      ) : null}
    </Dialog>
  );
}
