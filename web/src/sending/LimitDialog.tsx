import { Button, Group, NumberInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useWords } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";
import { Refused } from "../ui/Refused";

const LARGEST = 1_000_000;
const DECIMALS = 3;
const DOMAIN = /^[^\s@/]{1,240}\.[^\s@./]{1,63}\.?$/;

interface FormProps {
  limit: number | null;
  error: unknown;
  save: (limit: number | null, domain: string) => Promise<void>;
  close: () => void;
  /** Whose limit it is: a receiver that is known, or an empty text for one to be named. */
  domain?: string;
}

interface LimitDialogProps extends FormProps {
  opened: boolean;
  title: string;
}

/** Asks how many messages a second somebody gets at most. */
export function LimitDialog({ opened, title, ...form }: LimitDialogProps) {
  return (
    <Dialog onClose={form.close} opened={opened} title={title}>
      {opened ? <Form {...form} /> : null}
    </Dialog>
  );
}

function Form({ limit, domain, error, save, close }: FormProps) {
  const words = useWords().sending;
  const [value, setValue] = useState<number | string>(limit ?? "");
  const [named, name] = useState(domain ?? "");
  const [tried, setTried] = useState(false);
  const [pending, setPending] = useState(false);
  const asksWhom = domain === "";
  const isBad = (value === "" ? asksWhom : Number(value) <= 0) && tried;
  const isNobody = asksWhom && !DOMAIN.test(named.trim()) && tried;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const bad = value === "" ? asksWhom : Number(value) <= 0;
    if (bad || (asksWhom && !DOMAIN.test(named.trim()))) return;
    setPending(true);
    save(value === "" ? null : Number(value), named.trim())
      .catch(() => undefined)
      .finally(() => setPending(false));
  };
  return (
    <form noValidate onSubmit={submit}>
      <Stack gap="md">
        {asksWhom ? (
          <TextInput
            data-autofocus
            description={words.receivers.domainHint}
            error={isNobody ? words.receivers.domainBad : undefined}
            inputWrapperOrder={["label", "input", "description", "error"]}
            label={words.receivers.domain}
            maxLength={250}
            onChange={(event) => name(event.currentTarget.value)}
            value={named}
          />
        ) : null}
        <NumberInput
          allowNegative={false}
          data-autofocus={asksWhom ? undefined : true}
          decimalScale={DECIMALS}
          description={asksWhom ? undefined : words.vendors.perSecondHint}
          error={isBad ? words.vendors.bad : undefined}
          inputWrapperOrder={["label", "input", "description", "error"]}
          label={words.vendors.perSecond}
          max={LARGEST}
          min={0}
          onChange={setValue}
          value={value}
        />
        <Refused error={error} title={words.failed} />
        <Group justify="flex-end">
          <Button onClick={close} variant="default">
            {words.cancel}
          </Button>
          <Button loading={pending} type="submit">
            {words.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
