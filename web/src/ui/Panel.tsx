import { Group, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";

interface PanelProps {
  title: string;
  help?: string | undefined;
  aside?: ReactNode;
  children: ReactNode;
}

/** A card with a heading that screen readers know it by. */
export function Panel({ title, help, aside, children }: PanelProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="panel">
      <Group align="baseline" justify="space-between" mb={help ? 2 : "sm"} wrap="nowrap">
        <Title fz="1.08rem" id={id} order={2}>
          {title}
        </Title>
        {aside}
      </Group>
      {help ? (
        <Text className="soft" fz="sm" mb="md">
          {help}
        </Text>
      ) : null}
      {children}
    </section>
  );
}
