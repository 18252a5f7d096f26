import { Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { Customer, Part } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Panel } from "../ui/Panel";
import { useUnmerge } from "./queries";

/** Which customers were found to be this one, and a way back where that was wrong. */
export function Parts({ customer }: { customer: Customer }) {
  const words = useWords().customer.parts;
  if (customer.parts.length === 0) return null;
  return (
    <Panel title={words.title}>
      <Text className="soft" fz="sm">
        {words.help}
      </Text>
      <Stack gap="md" mt="sm">
        {customer.parts.map((part) => (
          <PartItem head={customer.id} key={part.id} part={part} />
        ))}
      </Stack>
    </Panel>
  );
}

function PartItem({ head, part }: { head: number; part: Part }) {
  const words = useWords().customer;
  const format = useFormat();
  const [asking, { open, close }] = useDisclosure(false);
  const name = part.names.join(", ") || words.parts.number(String(part.id));
  return (
    <div>
      <Text fw={600} style={{ overflowWrap: "anywhere" }}>
        {name}
      </Text>
      <Text className="soft" fz="sm">
        {part.source === "event" ? words.parts.seen[part.kind] : words.parts.said[part.source]} ·{" "}
        {format.day(part.merged_at)}
      </Text>
      {part.may_undo && !asking ? (
        <Button
          aria-label={`${words.parts.undo}: ${name}`}
          mt={4}
          onClick={open}
          size="compact-sm"
          variant="default"
        >
          {words.parts.undo}
        </Button>
      ) : null}
      {asking ? <Confirm close={close} head={head} part={part} /> : null}
    </div>
  );
}

function Confirm({ head, part, close }: { head: number; part: Part; close: () => void }) {
  const words = useWords().customer.parts;
  const format = useFormat();
  const unmerge = useUnmerge(head);
  return (
    <Stack gap={6} mt={4}>
      <Text fz="sm">{words.sure(format.day(part.until))}</Text>
      {unmerge.isError ? (
        <Text c="clay" fz="sm" role="alert">
          {words.failed}
        </Text>
      ) : null}
      <Group gap="xs">
        <Button
          color="clay"
          loading={unmerge.isPending}
          onClick={() => unmerge.mutate(part.id)}
          size="compact-sm"
        >
          {words.yes}
        </Button>
        <Button onClick={close} size="compact-sm" variant="default">
          {words.no}
        </Button>
      </Group>
    </Stack>
  );
}
