import { Badge, Button, Collapse, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useId } from "react";
import type { Moment } from "../api/types";
import { useTitle, useWords } from "../i18n/useWords";
import type { Words } from "../i18n/words";
import { readable } from "./readable";
import { WhyPanel } from "./WhyPanel";

interface MessageCardProps {
  customer: number;
  moment: Moment;
  attempts: Moment[];
}

/** A message, what became of it, and why. */
export function MessageCard({ customer, moment, attempts }: MessageCardProps) {
  const words = useWords();
  const title = useTitle();
  const [open, { toggle }] = useDisclosure(false);
  const panel = useId();
  const status = statusOf(moment, attempts, words);
  return (
    <div className="message-card">
      <Group gap="xs" justify="space-between" wrap="nowrap">
        <Text fw={700}>{readable(moment.detail ?? "")}</Text>
        <Badge color={status.color} radius="sm" style={{ flexShrink: 0 }} variant="light">
          {status.label}
        </Badge>
      </Group>
      <Text className="soft" fz="sm">
        {title({ title_ko: moment.title_ko ?? "", title_en: moment.title_en ?? "" })}
      </Text>
      <Button
        aria-controls={panel}
        aria-expanded={open}
        mt={6}
        onClick={toggle}
        px={8}
        size="compact-sm"
        variant="subtle"
        ml={-8}
      >
        {open ? words.customer.whyHide : status.question}
      </Button>
      <Collapse expanded={open} id={panel}>
        {open && moment.message_id ? (
          <WhyPanel customer={customer} message={moment.message_id} />
        ) : null}
      </Collapse>
    </div>
  );
}

interface Status {
  label: string;
  color: string;
  question: string;
}

function statusOf(moment: Moment, attempts: Moment[], words: Words): Status {
  const { customer } = words;
  const last = attempts[0]?.name;
  if (last === "accepted") {
    return { label: customer.sent, color: "pine", question: customer.whyGot };
  }
  if (last === "rejected") {
    return { label: customer.refused, color: "clay", question: customer.whyNot };
  }
  if (last === "unknown") {
    return { label: customer.unsure, color: "honey", question: customer.whyNot };
  }
  if (moment.name === "skipped" || moment.name === "failed") {
    return { label: customer.messageState[moment.name], color: "clay", question: customer.whyNot };
  }
  const states: Record<string, string> = customer.messageState;
  return {
    label: states[moment.name] ?? moment.name,
    color: "honey",
    question: customer.whyWaiting,
  };
}
