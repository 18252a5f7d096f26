import { Alert, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Empty } from "../ui/Empty";
import { Icon } from "../ui/Icon";
import { PageTitle } from "../ui/PageTitle";
import { Trouble } from "../ui/Trouble";
import { DeadChoice } from "./DeadChoice";
import { DeadList } from "./DeadList";
import { News, type Said } from "./News";
import { type Choice, useDeadLetters } from "./queries";
import { type Asked, RetryDialog } from "./RetryDialog";
import { SendingTabs } from "./SendingTabs";
import "./sending.css";

/** What did not arrive, why, and trying again what surely did not. */
export function DeadPage({ writes }: { writes: boolean }) {
  const words = useWords();
  const { dead, readOnly } = words.sending;
  const [choice, choose] = useState<Choice>({ channel: null, code: null });
  const letters = useDeadLetters(choice);
  return (
    <>
      <PageTitle subtitle={dead.subtitle} title={dead.title} />
      <SendingTabs />
      {letters.isPending ? (
        <Skeleton aria-label={words.common.loading} height={360} radius={16} role="status" />
      ) : null}
      {letters.isError ? <Trouble error={letters.error} retry={() => letters.refetch()} /> : null}
      {letters.data ? (
        <Stack gap="md">
          {writes ? null : (
            <Alert color="stone" icon={<Icon name="info" />} variant="light">
              {readOnly}
            </Alert>
          )}
          <Found choice={choice} choose={choose} letters={letters} writes={writes} />
        </Stack>
      ) : null}
    </>
  );
}

interface FoundProps {
  letters: ReturnType<typeof useDeadLetters>;
  choice: Choice;
  choose: (choice: Choice) => void;
  writes: boolean;
}

function Found({ letters, choice, choose, writes }: FoundProps) {
  const words = useWords();
  const [asked, ask] = useState<Asked | null>(null);
  const [said, say] = useState<Said | null>(null);
  const { dead } = words.sending;
  const pages = letters.data?.pages ?? [];
  const [first] = pages;
  const found = pages.flatMap((page) => page.deliveries);
  if (!first) return null;
  const isChosen = choice.channel !== null || choice.code !== null;
  const retry = writes ? (id: number) => ask({ letters: 1, wish: { ids: [id] } }) : undefined;
  return (
    <div className="panel">
      <News said={said} />
      {first.heaps.length > 0 || isChosen ? (
        <DeadChoice choice={choice} choose={choose} heaps={first.heaps} />
      ) : null}
      {found.length > 0 ? (
        <Safe
          retry={writes ? () => ask({ letters: first.safe, wish: choice }) : undefined}
          safe={first.safe}
        />
      ) : (
        <Empty
          help={isChosen ? dead.emptyChoiceHelp : dead.emptyHelp}
          icon="check"
          title={isChosen ? dead.emptyChoice : dead.empty}
        />
      )}
      <DeadList letters={found} retry={retry} />
      {letters.hasNextPage ? (
        <Group justify="center" mt="md">
          <Button
            loading={letters.isFetchingNextPage}
            onClick={() => letters.fetchNextPage()}
            variant="default"
          >
            {words.common.more}
          </Button>
        </Group>
      ) : null}
      <RetryDialog asked={asked} close={() => ask(null)} say={(text) => say({ text })} />
    </div>
  );
}

function Safe({ safe, retry }: { safe: number; retry: (() => void) | undefined }) {
  const words = useWords().sending.dead;
  const format = useFormat();
  return (
    <Group className="sending-safe" gap="sm" justify="space-between" my="sm">
      <Text fz="sm">{safe > 0 ? words.safeCount(format.number(safe)) : words.safeNone}</Text>
      {safe > 0 && retry ? (
        <Button onClick={retry}>{words.retryAll(format.number(safe))}</Button>
      ) : null}
    </Group>
  );
}
