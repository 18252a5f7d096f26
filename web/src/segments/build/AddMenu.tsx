import { Button, Group, Menu, Text } from "@mantine/core";
import { useWords } from "../../i18n/useWords";
import { Icon } from "../../ui/Icon";
import { useBench } from "./context";
import { KINDS } from "./kinds";

/** What can be put into a group: a condition of any kind, or another group. */
export function AddMenu({ into, first }: { into: number; first: boolean }) {
  const { build } = useWords().segments;
  const bench = useBench();
  return (
    <Group className="add" gap="xs">
      <Menu position="bottom-start" returnFocus={false} shadow="md" width={300}>
        <Menu.Target>
          <Button
            leftSection={<Icon name="plus" size={16} />}
            size="sm"
            variant={first ? "filled" : "light"}
          >
            {build.addCondition}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {Object.entries(KINDS).map(([kind, { icon, start }]) => (
            <Menu.Item
              key={kind}
              leftSection={<Icon name={icon} size={18} />}
              onClick={() => bench.add(into, start(bench.vocabulary))}
            >
              <Text fw={600} fz="sm">
                {build.kind[kind]}
              </Text>
              <Text className="soft" fz="xs">
                {build.kindHelp[kind]}
              </Text>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Button
        leftSection={<Icon name="plus" size={16} />}
        onClick={() => bench.add(into, "any")}
        size="sm"
        variant="subtle"
      >
        {build.addGroup}
      </Button>
    </Group>
  );
}
