import { Badge, Group, Text } from "@mantine/core";
import type { DataName } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import "./data.css";

/** One line a name, with every kind it came as. */
export function NameList({ names }: { names: DataName[] }) {
  return (
    <ul className="names">
      {names.map((name) => (
        <Name key={name.name} name={name} />
      ))}
    </ul>
  );
}

function Name({ name }: { name: DataName }) {
  const words = useWords().data;
  const format = useFormat();
  const mixed = name.kinds.length > 1;
  return (
    <li className="names-line">
      <Text className="names-name" fz="sm">
        {name.name}
      </Text>
      <Group className="names-kinds" gap={6}>
        {name.kinds.map((one) => (
          <Badge color={mixed ? "honey" : "pine"} key={one.kind} radius="sm" variant="light">
            {words.kind[one.kind]} {format.number(one.count)}
          </Badge>
        ))}
      </Group>
      <Text className="soft number names-seen" fz="sm">
        {format.date(name.last_seen_at)}
      </Text>
      {mixed ? (
        <Text className="soft names-note" fz="xs">
          {words.mixed}. {words.mixedHelp}
        </Text>
      ) : null}
    </li>
  );
}
