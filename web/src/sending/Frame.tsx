import { Alert, Skeleton, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "../i18n/useWords";
import { Icon } from "../ui/Icon";
import { PageTitle } from "../ui/PageTitle";
import { Trouble } from "../ui/Trouble";
import { useSending } from "./queries";
import { SendingTabs } from "./SendingTabs";
import "./sending.css";
import type { Page } from "./types";

interface FrameProps {
  title: string;
  subtitle: string;
  writes: boolean;
  /** What the page shows; ``may`` is whether the member may change it. */
  children: (page: Page, may: boolean) => ReactNode;
}

/** A page that shows how sending fares now, and goes on doing so. */
export function Frame({ title, subtitle, writes, children }: FrameProps) {
  const words = useWords();
  const { data: page, isPending, isError, error, refetch } = useSending();
  return (
    <>
      <PageTitle subtitle={subtitle} title={title} />
      <SendingTabs />
      {isPending ? (
        <Skeleton aria-label={words.common.loading} height={480} radius={16} role="status" />
      ) : null}
      {isError && !page ? <Trouble error={error} retry={() => refetch()} /> : null}
      {isError && page ? (
        <Alert color="honey" icon={<Icon name="clock" />} mb="md" role="status" variant="light">
          {words.trouble.stale}
        </Alert>
      ) : null}
      {page ? (
        <Stack gap="md">
          {writes && !page.shared ? null : (
            <Alert color="stone" icon={<Icon name="info" />} variant="light">
              {writes ? words.sending.shared : words.sending.readOnly}
            </Alert>
          )}
          {children(page, writes && !page.shared)}
        </Stack>
      ) : null}
    </>
  );
}
