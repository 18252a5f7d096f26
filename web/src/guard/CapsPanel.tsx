import { Alert, Button, Group, Select, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useFormat } from "../i18n/useFormat";
import { useTitle, useWords } from "../i18n/useWords";
import { Icon } from "../ui/Icon";
import { Panel } from "../ui/Panel";
import { Refused } from "../ui/Refused";
import { NumberField } from "./fields";
import { useDropCap, useKeepCap } from "./queries";
import type { Cap, TopicTitle } from "./types";

const CHANNELS = ["email", "sms", "kakao_brand", "push", "inapp"] as const;

interface CapsPanelProps {
  caps: Cap[];
  topics: TopicTitle[];
  writes: boolean;
}

/** Limits on a channel or a topic; one that was removed can be put back at once. */
export function CapsPanel({ caps, topics, writes }: CapsPanelProps) {
  const words = useWords().guard.limits;
  const [said, say] = useState("");
  const [gone, setGone] = useState<Cap | null>(null);
  const keep = useKeepCap();
  const drop = useDropCap();
  const name = useCapName(topics);
  const put = (cap: Cap) =>
    keep.mutate(cap, {
      onSuccess: () => {
        setGone(null);
        say(words.added(name(cap)));
      },
    });
  const take = (cap: Cap) =>
    drop.mutate(cap, {
      onSuccess: () => {
        setGone(cap);
        say(words.removed(name(cap)));
      },
    });
  return (
    <Panel help={words.capsHelp} title={words.caps}>
      <Stack gap="sm">
        <div className="news" role="status">
          {said ? (
            <Alert color="pine" icon={<Icon name="check" />} p="sm" variant="light">
              <Group justify="space-between">
                <Text fz="sm">{said}</Text>
                {gone ? (
                  <Button
                    loading={keep.isPending}
                    onClick={() => put(gone)}
                    size="compact-sm"
                    variant="default"
                  >
                    {words.undo}
                  </Button>
                ) : null}
              </Group>
            </Alert>
          ) : null}
        </div>
        <Refused error={keep.error ?? drop.error} title={words.failed} />
        {caps.length === 0 ? (
          <Text className="soft" fz="sm">
            {words.capsEmpty}
          </Text>
        ) : (
          <ul aria-label={words.caps} className="guard-rows">
            {caps.map((cap) => (
              <li key={name(cap)}>
                <span>{name(cap)}</span>
                {writes ? (
                  <Button
                    aria-label={words.removeOne(name(cap))}
                    color="clay"
                    onClick={() => take(cap)}
                    size="compact-sm"
                    variant="subtle"
                  >
                    {words.remove}
                  </Button>
                ) : null}
              </li>
            ))}
          </ul>
        )}
        {writes ? <NewCap add={put} pending={keep.isPending} topics={topics} /> : null}
      </Stack>
    </Panel>
  );
}

/** Says a limit in a line. */
function useCapName(topics: TopicTitle[]): (cap: Cap) => string {
  const words = useWords();
  const format = useFormat();
  const title = useTitle();
  const { limits } = words.guard;
  return ({ channel, topic, days, messages }) => {
    const about = topics.find((one) => one.name === topic);
    return [
      channel ? words.customer.channel[channel] : limits.anyChannel,
      about ? title(about) : (topic ?? limits.anyTopic),
      limits.cap(format.number(days), format.number(messages)),
    ].join(" · ");
  };
}

interface NewCapProps {
  topics: TopicTitle[];
  pending: boolean;
  add: (cap: Cap) => void;
}

function NewCap({ topics, pending, add }: NewCapProps) {
  const words = useWords();
  const title = useTitle();
  const { limits } = words.guard;
  const [cap, setCap] = useState<Cap>({ messages: 1, days: 7, channel: null, topic: null });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add(cap);
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" className="guard-new" gap="sm">
        <Select
          allowDeselect={false}
          data={[
            { value: "", label: limits.anyChannel },
            ...CHANNELS.map((value) => ({ value, label: words.customer.channel[value] })),
          ]}
          label={limits.channel}
          onChange={(value) =>
            setCap({ ...cap, channel: CHANNELS.find((one) => one === value) ?? null })
          }
          value={cap.channel ?? ""}
        />
        {topics.length > 0 ? (
          <Select
            allowDeselect={false}
            data={[
              { value: "", label: limits.anyTopic },
              ...topics.map((one) => ({ value: one.name, label: title(one) })),
            ]}
            label={limits.topic}
            onChange={(value) => setCap({ ...cap, topic: value || null })}
            value={cap.topic ?? ""}
          />
        ) : null}
        <NumberField
          label={limits.capMessages}
          onChange={(messages) => setCap({ ...cap, messages })}
          value={cap.messages}
        />
        <NumberField
          label={limits.capDays}
          onChange={(days) => setCap({ ...cap, days })}
          value={cap.days}
        />
        <Button loading={pending} type="submit" variant="light">
          {limits.add}
        </Button>
      </Group>
    </form>
  );
}
