import { ActionIcon, Menu, Text } from "@mantine/core";
import type { Session } from "../api/types";
import { useWords } from "../i18n/useWords";
import { Icon } from "../ui/Icon";
import { useSignOut } from "./useSession";

export function MemberMenu({ session }: { session: Session }) {
  const words = useWords();
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" shadow="md" width={240}>
      <Menu.Target>
        <ActionIcon aria-label={words.session.menu} radius="xl" size={36} variant="light">
          <Icon name="user" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text fw={700}>{session.workspace_name}</Text>
          <Text fz="xs">{session.email}</Text>
          <Text fz="xs">{words.session.role[session.role]}</Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item onClick={() => signOut.mutate()}>{words.session.out}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
