import { Text, ThemeIcon } from "@mantine/core";
import { Icon, type IconName } from "./Icon";

/** Nothing here yet, and what would put something here. */
export function Empty({ icon, title, help }: { icon: IconName; title: string; help: string }) {
  return (
    <div className="empty">
      <ThemeIcon color="pine" mb="xs" radius="xl" size={44} variant="light">
        <Icon name={icon} size={22} />
      </ThemeIcon>
      <Text fw={700}>{title}</Text>
      <Text className="soft" fz="sm" maw={440} mt={4} mx="auto">
        {help}
      </Text>
    </div>
  );
}
