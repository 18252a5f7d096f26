import { ActionIcon, Menu } from "@mantine/core";
import { useWords } from "../../i18n/useWords";
import { Icon } from "../../ui/Icon";
import { type Item, isBranch } from "../tree";
import { useBench } from "./context";

interface ItemMenuProps {
  item: Item;
  what: string;
  place: number;
  count: number;
}

/** What can be done with one condition or group, and a button that takes it away. */
export function ItemMenu({ item, what, place, count }: ItemMenuProps) {
  const { build } = useWords().segments;
  const bench = useBench();
  return (
    <div className="item-deeds">
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon aria-label={build.more(what)} color="stone" variant="subtle">
            <Icon name="more" size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={place === 0} onClick={() => bench.move(item.key, -1)}>
            {build.up}
          </Menu.Item>
          <Menu.Item disabled={place === count - 1} onClick={() => bench.move(item.key, 1)}>
            {build.down}
          </Menu.Item>
          <Menu.Item onClick={() => bench.duplicate(item.key)}>{build.duplicate}</Menu.Item>
          <Menu.Item onClick={() => bench.wrap(item.key)}>{build.wrap}</Menu.Item>
          {isBranch(item) ? (
            <Menu.Item onClick={() => bench.unwrap(item.key)}>{build.unwrap}</Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <ActionIcon
        aria-label={`${what}: ${build.remove}`}
        color="stone"
        onClick={() => bench.remove(item.key)}
        variant="subtle"
      >
        <Icon name="bin" size={18} />
      </ActionIcon>
    </div>
  );
}
