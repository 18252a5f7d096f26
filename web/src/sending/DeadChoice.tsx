import { Group, Select } from "@mantine/core";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import type { Choice } from "./queries";
import type { DeadHeap } from "./types";

interface DeadChoiceProps {
  heaps: DeadHeap[];
  choice: Choice;
  choose: (choice: Choice) => void;
}

const ANY = "any";

/** Which dead letters are shown: of a channel, and with one code of its vendors. */
export function DeadChoice({ heaps, choice, choose }: DeadChoiceProps) {
  const words = useWords();
  const format = useFormat();
  const { dead, vendors } = words.sending;
  const channels = [...new Set(heaps.map((heap) => heap.channel))];
  const ofChannel = heaps.filter((heap) => (choice.channel ?? heap.channel) === heap.channel);
  const codes = new Map<string, string>();
  for (const { provider, code, letters } of ofChannel) {
    const vendor = vendors.name[provider] ?? provider;
    const called = dead.codeChoice(vendor, code || dead.noCode, format.number(letters));
    codes.set(code, [codes.get(code), called].filter(Boolean).join(", "));
  }
  return (
    <Group align="flex-end" className="sending-choice" gap="sm">
      <Select
        allowDeselect={false}
        data={[
          { value: ANY, label: dead.anyChannel },
          ...channels.map((value) => ({ value, label: words.customer.channel[value] })),
        ]}
        label={dead.channel}
        onChange={(value) =>
          choose({ channel: channels.find((one) => one === value) ?? null, code: null })
        }
        value={choice.channel ?? ANY}
      />
      <Select
        allowDeselect={false}
        data={[
          { value: ANY, label: dead.anyCode },
          ...[...codes].map(([code, label]) => ({ value: `=${code}`, label })),
        ]}
        label={dead.code}
        onChange={(value) =>
          choose({ ...choice, code: value?.startsWith("=") ? value.slice(1) : null })
        }
        value={choice.code === null ? ANY : `=${choice.code}`}
      />
    </Group>
  );
}
