import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { Panel } from "../ui/Panel";
import { Refused } from "../ui/Refused";
import { useResume } from "./queries";
import type { StoppedMessage } from "./types";

/** Messages that stopped by themselves, and a way to let them go on. */
export function StopsPanel({ stops, writes }: { stops: StoppedMessage[]; writes: boolean }) {
  const words = useWords().guard.limits;
  const [asked, ask] = useState<StoppedMessage | null>(null);
  const [said, say] = useState("");
  return (
    <Panel help={stops.length > 0 ? words.stopsHelp : undefined} title={words.stops}>
      <div className="news" role="status">
        {said ? (
          <Alert color="pine" icon={<Icon name="check" />} mb="sm" p="sm" variant="light">
            {said}
          </Alert>
        ) : null}
      </div>
      {stops.length === 0 ? (
        <Text className="soft" fz="sm">
          {words.stopsEmpty} {words.stopsEmptyHelp}
        </Text>
      ) : null}
      <ul aria-label={words.stops} className="guard-rows" hidden={stops.length === 0}>
        {stops.map((stop) => (
          <li key={nameOf(stop)}>
            <Stopped stop={stop} />
            {writes ? (
              <Button
                aria-label={`${words.resume}: ${nameOf(stop)}`}
                onClick={() => ask(stop)}
                size="compact-md"
                variant="light"
              >
                {words.resume}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      <Dialog
        onClose={() => ask(null)}
        opened={asked !== null}
        title={asked ? words.resumeQuestion(nameOf(asked)) : ""}
      >
        {asked ? <Question close={() => ask(null)} say={say} stop={asked} /> : null}
      </Dialog>
    </Panel>
  );
}

function nameOf(stop: StoppedMessage): string {
  return `${stop.template} (${stop.journey})`;
}

function Stopped({ stop }: { stop: StoppedMessage }) {
  const words = useWords().guard.limits;
  const format = useFormat();
  return (
    <div>
      <Text fw={700}>{nameOf(stop)}</Text>
      <Text fz="sm">
        {stop.refused_because === null
          ? words.optedOut(
              format.number(stop.opt_outs),
              format.number(stop.sent),
              format.share(stop.share_at_least, 1),
              format.share(stop.opt_out_limit, 1),
            )
          : words.vendorSaid(format.number(stop.sent), stop.refused_because)}
      </Text>
      <Text className="soft number" fz="sm">
        {words.stopped(format.moment(stop.stopped_at))}
      </Text>
    </div>
  );
}

interface QuestionProps {
  stop: StoppedMessage;
  close: () => void;
  say: (what: string) => void;
}

function Question({ stop, close, say }: QuestionProps) {
  const words = useWords().guard.limits;
  const resume = useResume();
  const yes = () =>
    resume.mutate(stop, {
      onSuccess: () => {
        say(words.resumed(nameOf(stop)));
        close();
      },
    });
  return (
    <Stack gap="md">
      <Text fz="sm">{words.resumeHelp}</Text>
      <Refused error={resume.error} title={words.failed} />
      <Group justify="flex-end">
        <Button data-autofocus onClick={close} variant="default">
          {words.cancel}
        </Button>
        <Button loading={resume.isPending} onClick={yes}>
          {words.resume}
        </Button>
      </Group>
    </Stack>
  );
}
