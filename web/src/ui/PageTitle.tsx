import { Group, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { useWords } from "../i18n/useWords";

let firstPage = true;

interface PageTitleProps {
  title: string;
  subtitle?: ReactNode;
  aside?: ReactNode;
}

/** The page's heading; names the browser's tab, and takes the focus when the page changes. */
export function PageTitle({ title, subtitle, aside }: PageTitleProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { brand } = useWords();
  useEffect(() => {
    document.title = `${title} · ${brand}`;
  }, [title, brand]);
  useEffect(() => {
    if (!firstPage) heading.current?.focus({ preventScroll: true });
    firstPage = false;
  }, []);
  return (
    <Group align="flex-end" gap="sm" justify="space-between" mb="lg">
      <div>
        <Title fz={{ base: "1.5rem", sm: "1.8rem" }} order={1} ref={heading} tabIndex={-1}>
          {title}
        </Title>
        {subtitle ? <Text className="soft">{subtitle}</Text> : null}
      </div>
      {aside}
    </Group>
  );
}
