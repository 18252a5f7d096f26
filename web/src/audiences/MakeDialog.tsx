import {
  Button,
  Checkbox,
  Group,
  NumberInput,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTitle, useWords } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";
import { Refused } from "../ui/Refused";
import { useMake, useSegments } from "./queries";
import type { AudienceWish, Network } from "./types";

const CHANNELS = ["email", "sms"] as const;
const NAME = "[a-z0-9][a-z0-9_\\-]{0,39}";

interface MakeDialogProps {
  networks: Network[];
  open: boolean;
  close: () => void;
  say: (what: string) => void;
}

export function MakeDialog({ networks, open, close, say }: MakeDialogProps) {
  const words = useWords().audiences.form;
  return (
    <Dialog onClose={close} opened={open} size="lg" title={words.title}>
      <Form close={close} networks={networks} say={say} />
    </Dialog>
  );
}

function Form({ networks, close, say }: Omit<MakeDialogProps, "open">) {
  const words = useWords().audiences;
  const make = useMake();
  const [wish, setWish] = useState<AudienceWish>({
    name: "",
    segment: "",
    network: networks.find((one) => one.is_set)?.network ?? "meta",
    network_ref: "",
    channels: ["email"],
    most: 50_000,
    days: 90,
  });
  const set = (change: Partial<AudienceWish>) => {
    make.reset();
    setWish({ ...wish, ...change });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate(wish, {
      onSuccess: () => {
        close();
        say(words.made(wish.name));
      },
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text className="soft" fz="sm">
          {words.form.help}
        </Text>
        <TextInput
          data-autofocus
          description={words.form.nameHint}
          label={words.form.name}
          maxLength={40}
          onChange={(event) => set({ name: event.currentTarget.value })}
          pattern={NAME}
          required
          title={words.form.nameHint}
          value={wish.name}
          withAsterisk={false}
        />
        <Source networks={networks} set={set} wish={wish} />
        <TextInput
          description={words.form.refHint}
          label={words.form.ref}
          onChange={(event) => set({ network_ref: event.currentTarget.value })}
          required
          value={wish.network_ref}
          withAsterisk={false}
        />
        <Bounds set={set} wish={wish} />
        <Refused error={make.error} title={words.failed} />
        <Group justify="flex-end">
          <Button onClick={close} variant="default">
            {words.cancel}
          </Button>
          <Button
            disabled={wish.segment === "" || wish.channels.length === 0}
            loading={make.isPending}
            type="submit"
          >
            {words.form.submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface PartProps {
  wish: AudienceWish;
  set: (change: Partial<AudienceWish>) => void;
}

/** Which segment goes where. */
function Source({ networks, wish, set }: PartProps & { networks: Network[] }) {
  const words = useWords().audiences;
  const title = useTitle();
  const segments = useSegments();
  return (
    <Group align="flex-start" gap="sm" grow preventGrowOverflow={false}>
      <Select
        data={(segments.data ?? []).map((one) => ({ value: one.name, label: title(one) }))}
        label={words.form.segment}
        nothingFoundMessage={words.form.noSegment}
        onChange={(value) => set({ segment: value ?? "" })}
        placeholder={segments.data?.length === 0 ? words.form.noSegment : ""}
        searchable
        value={wish.segment || null}
      />
      <Select
        allowDeselect={false}
        data={networks.map(({ network, is_set }) => ({
          value: network,
          label: words.network[network],
          disabled: !is_set,
        }))}
        label={words.form.network}
        onChange={(value) => set({ network: value === "google" ? "google" : "meta" })}
        value={wish.network}
      />
    </Group>
  );
}

/** Which addresses, how many, and for how long. */
function Bounds({ wish, set }: PartProps) {
  const words = useWords().audiences;
  const number = (value: string | number, change: (value: number) => Partial<AudienceWish>) => {
    if (typeof value === "number") set(change(value));
  };
  return (
    <>
      <Checkbox.Group
        description={words.form.channelsHint}
        label={words.form.channels}
        onChange={(chosen) => set({ channels: CHANNELS.filter((one) => chosen.includes(one)) })}
        value={wish.channels}
      >
        <Group gap="lg" mt={6}>
          {CHANNELS.map((one) => (
            <Checkbox key={one} label={words.channel[one]} value={one} />
          ))}
        </Group>
      </Checkbox.Group>
      <Group align="flex-start" gap="sm" grow>
        <NumberInput
          allowDecimal={false}
          label={words.form.most}
          max={1_000_000}
          min={1}
          onChange={(value) => number(value, (most) => ({ most }))}
          required
          thousandSeparator=","
          value={wish.most}
          withAsterisk={false}
        />
        <NumberInput
          allowDecimal={false}
          description={words.form.daysHint}
          inputWrapperOrder={["label", "input", "description", "error"]}
          label={words.form.days}
          max={366}
          min={1}
          onChange={(value) => number(value, (days) => ({ days }))}
          required
          value={wish.days}
          withAsterisk={false}
        />
      </Group>
    </>
  );
}
