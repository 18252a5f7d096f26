import { Alert, Button, Group, Progress, Text } from "@mantine/core";
import { useState } from "react";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Icon } from "../ui/Icon";
import { Panel } from "../ui/Panel";
import { Refused } from "../ui/Refused";
import { News, type Said } from "./News";
import { useVendorName } from "./names";
import { useEndWarmUp, useWarm } from "./queries";
import type { Lane, Vendor, WarmUp, WarmUpWish } from "./types";
import { WarmUpDialog } from "./WarmUpDialog";

interface WarmUpPanelProps {
  vendor: Vendor;
  lanes: Lane[];
  may: boolean;
}

/** How far a new sender is; what was changed comes back as it stood. */
export function WarmUpPanel({ vendor, lanes, may }: WarmUpPanelProps) {
  const words = useWords().sending;
  const name = useVendorName()(vendor);
  const [said, say] = useState<Said | null>(null);
  const [asked, ask] = useState(false);
  const warm = useWarm();
  const end = useEndWarmUp();
  const { warm_up: stood } = vendor;
  const back = () => {
    const undone = stood
      ? warm.mutateAsync({ name: vendor.name, wish: asWish(stood) })
      : end.mutateAsync(vendor.name);
    undone.then(
      () => say({ text: words.undone }),
      () => undefined,
    );
  };
  const save = async (wish: WarmUpWish) => {
    await warm.mutateAsync({ name: vendor.name, wish });
    ask(false);
    say({ text: words.warmUp.saved(name), undo: back });
  };
  const stop = () =>
    end.mutate(vendor.name, {
      onSuccess: () => say({ text: words.warmUp.ended(name), undo: back }),
    });
  return (
    <Panel help={words.warmUp.help} title={words.warmUp.title(name)}>
      <News pending={warm.isPending || end.isPending} said={said} />
      <Refused error={asked ? null : (warm.error ?? end.error)} title={words.failed} />
      {stood ? (
        <Standing lanes={lanes} warmUp={stood} />
      ) : (
        <Text className="soft" fz="sm">
          {words.warmUp.off}
        </Text>
      )}
      {may ? (
        <Group gap="xs" mt="md">
          <Button
            aria-label={stood ? words.warmUp.changeOne(name) : undefined}
            onClick={() => ask(true)}
            size="compact-md"
            variant={stood ? "default" : "light"}
          >
            {stood ? words.warmUp.change : words.warmUp.begin}
          </Button>
          {stood ? (
            <Button
              aria-label={words.warmUp.endOne(name)}
              color="clay"
              loading={end.isPending}
              onClick={stop}
              size="compact-md"
              variant="subtle"
            >
              {words.warmUp.end}
            </Button>
          ) : null}
        </Group>
      ) : null}
      <WarmUpDialog
        close={() => ask(false)}
        error={warm.error}
        opened={asked}
        save={save}
        stood={stood}
        title={words.warmUp.question(name)}
      />
    </Panel>
  );
}

/** A warm-up as it would be asked for again, where it stands. */
function asWish({ start, growth, goal, day, taken, on }: WarmUp): WarmUpWish {
  return { start, growth, goal, day, taken, on };
}

function Standing({ warmUp, lanes }: { warmUp: WarmUp; lanes: Lane[] }) {
  const words = useWords().sending.warmUp;
  const format = useFormat();
  const { start, growth, goal, day, days, most, taken } = warmUp;
  const plan = words.plan(format.number(start), format.number(growth), format.number(goal));
  if (most === null) return <Text fz="sm">{words.over}</Text>;
  const waiting = lanes
    .filter((lane) => lane.channel === "email")
    .reduce((sum, lane) => sum + lane.waiting, 0);
  return (
    <>
      <Group gap="xs" justify="space-between">
        <Text fw={700}>{words.day(format.number(day), format.number(days))}</Text>
        <Text className="number" fz="sm">
          {words.taken(format.number(taken), format.number(most))}
        </Text>
      </Group>
      <Progress
        aria-label={words.progress}
        mb="xs"
        mt={6}
        size="md"
        value={Math.min(100, (100 * taken) / most)}
      />
      <Text className="soft" fz="sm">
        {plan} {words.share}
      </Text>
      {waiting > most - taken ? (
        <Alert color="honey" icon={<Icon name="clock" />} mt="sm" p="sm" variant="light">
          {words.waits(format.number(waiting))}
        </Alert>
      ) : null}
    </>
  );
}
