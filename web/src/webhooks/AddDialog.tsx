import { Button, Checkbox, Group, Radio, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useWords } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";
import { Refused } from "../ui/Refused";
import { useAdd } from "./queries";
import type { Secret } from "./SecretDialog";
import type { Kind } from "./types";

interface AddDialogProps {
  open: boolean;
  kinds: Kind[];
  close: () => void;
  show: (secret: Secret) => void;
}

export function AddDialog({ open, close, ...rest }: AddDialogProps) {
  const words = useWords().webhooks.form;
  return (
    <Dialog onClose={close} opened={open} size="lg" title={words.title}>
      <Form close={close} {...rest} />
    </Dialog>
  );
}

function Form({ kinds, close, show }: Omit<AddDialogProps, "open">) {
  const words = useWords().webhooks;
  const add = useAdd();
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const [all, setAll] = useState(true);
  const [chosen, choose] = useState<string[]>([]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = all ? [] : kinds.filter((kind) => chosen.includes(kind));
    add.mutate(
      { name, url: url.trim(), kinds: wanted },
      {
        onSuccess: ({ secret }) => {
          close();
          show({ title: words.secret.added(name), value: secret });
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          data-autofocus
          description={words.form.nameHint}
          label={words.form.name}
          maxLength={40}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          value={name}
          withAsterisk={false}
        />
        <TextInput
          description={words.form.urlHint}
          label={words.form.url}
          onChange={(event) => setUrl(event.currentTarget.value)}
          required
          type="url"
          value={url}
          withAsterisk={false}
        />
        <Radio.Group
          label={words.form.kinds}
          onChange={(value) => setAll(value === "all")}
          value={all ? "all" : "some"}
        >
          <Group gap="lg" mt={6}>
            <Radio label={words.form.all} value="all" />
            <Radio label={words.form.some} value="some" />
          </Group>
        </Radio.Group>
        {all ? null : (
          <Checkbox.Group aria-label={words.hears} onChange={choose} value={chosen}>
            <div className="webhooks-kinds">
              {kinds.map((kind) => (
                <Checkbox key={kind} label={words.kind[kind]} value={kind} />
              ))}
            </div>
          </Checkbox.Group>
        )}
        <Refused error={add.error} title={words.failedTo} />
        <Group justify="flex-end">
          <Button onClick={close} variant="default">
            {words.cancel}
          </Button>
          <Button disabled={!all && chosen.length === 0} loading={add.isPending} type="submit">
            {words.form.submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
