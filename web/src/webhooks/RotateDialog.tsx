import { Button, Group, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";
import { Refused } from "../ui/Refused";
import { useRotate } from "./queries";
import type { Secret } from "./SecretDialog";

const HOURS = [24, 168, 0] as const;

interface RotateDialogProps {
  name: string;
  open: boolean;
  close: () => void;
  show: (secret: Secret) => void;
}

/** Asks for how long the former secret holds, then hands the new one on to be shown. */
export function RotateDialog({ name, open, close, show }: RotateDialogProps) {
  const words = useWords().webhooks;
  const [hours, setHours] = useState("24");
  const rotate = useRotate();
  const yes = () =>
    rotate.mutate(
      { name, hours: Number(hours) },
      {
        onSuccess: ({ secret }) => {
          close();
          show({ title: words.secret.rotated(name), value: secret });
        },
      },
    );
  return (
    <Dialog onClose={close} opened={open} title={words.rotation.question(name)}>
      <Stack gap="md">
        <Text fz="sm">{words.rotation.help}</Text>
        <Radio.Group label={words.rotation.grace} onChange={setHours} value={hours}>
          <Stack gap={6} mt={6}>
            {HOURS.map((one) => (
              <Radio key={one} label={words.rotation.hours[one]} value={String(one)} />
            ))}
          </Stack>
        </Radio.Group>
        <Refused error={rotate.error} title={words.failedTo} />
        <Group justify="flex-end">
          <Button data-autofocus onClick={close} variant="default">
            {words.cancel}
          </Button>
          <Button loading={rotate.isPending} onClick={yes}>
            {words.rotation.submit}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
