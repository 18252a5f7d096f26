import { Group, Stack, Text } from "@mantine/core";
import type { Flow } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Bar } from "../ui/Bars";
import { Panel } from "../ui/Panel";

/** How many customers may be written to. */
export function Reach({ customers }: { customers: Flow["customers"] }) {
  const words = useWords().flow;
  const format = useFormat();
  const lines = [
    { label: words.reachable, value: customers.reachable, color: "pine" },
    { label: words.consented, value: customers.consented, color: "pine" },
    { label: words.suppressed, value: customers.suppressed, color: "clay" },
  ];
  return (
    <Panel title={words.customersTitle}>
      <Stack gap="sm">
        {lines.map((line) => (
          <div key={line.label}>
            <Group justify="space-between" mb={4}>
              <Text fz="sm">{line.label}</Text>
              <Text className="number" fz="sm">
                {format.number(line.value)}{" "}
                <span className="soft">{format.share(line.value, customers.total)}</span>
              </Text>
            </Group>
            <Bar color={line.color} value={line.value} whole={customers.total} />
          </div>
        ))}
      </Stack>
    </Panel>
  );
}
