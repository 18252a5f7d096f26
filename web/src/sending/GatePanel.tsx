import { Button, Group, Radio, Stack, Text, TextInput, ThemeIcon } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { Panel } from "../ui/Panel";
import { Refused } from "../ui/Refused";
import { News, type Said } from "./News";
import { usePause, useResume } from "./queries";
import type { Backlog, Page } from "./types";

const FATES = ["send", "drop-advertising", "drop"] as const;

interface GatePanelProps {
  page: Page;
  may: boolean;
}

/** Whether anything is sent at all, and the switch for it. */
export function GatePanel({ page, may }: GatePanelProps) {
  const words = useWords().sending.gate;
  const [asked, ask] = useState<"pause" | "resume" | null>(null);
  const [said, say] = useState<Said | null>(null);
  const { gate } = page;
  const close = (text?: string) => {
    ask(null);
    if (text) say({ text });
  };
  return (
    <Panel title={words.title}>
      <News said={said} />
      <Group align="flex-start" gap="md" justify="space-between">
        <State page={page} />
        {may && (gate.sends || gate.by_hand) ? (
          <Button
            color={gate.sends ? "clay" : "pine"}
            onClick={() => ask(gate.sends ? "pause" : "resume")}
            variant={gate.sends ? "light" : "filled"}
          >
            {gate.sends ? words.pause : words.resume}
          </Button>
        ) : null}
      </Group>
      <Dialog
        onClose={() => close()}
        opened={asked !== null}
        title={asked === "pause" ? words.pauseQuestion : words.resumeQuestion}
      >
        {asked === "pause" ? <Pause close={close} /> : null}
        {asked === "resume" ? <Resume close={close} page={page} /> : null}
      </Dialog>
    </Panel>
  );
}

function State({ page: { gate } }: { page: Page }) {
  const words = useWords().sending.gate;
  const format = useFormat();
  const since = gate.closed_at ? ` · ${words.since(format.moment(gate.closed_at))}` : "";
  return (
    <Group align="flex-start" className="sending-state" gap="sm" wrap="nowrap">
      <ThemeIcon color={gate.sends ? "pine" : "clay"} radius="xl" size={36} variant="light">
        <Icon name={gate.sends ? "check" : "hand"} size={19} />
      </ThemeIcon>
      <div>
        <Text fw={700}>
          {gate.sends ? words.on : words.off}
          <Text className="soft" component="span" fz="sm">
            {since}
          </Text>
        </Text>
        {gate.because && gate.by_hand ? <Text fz="sm">{gate.because}</Text> : null}
        <Text className="soft" fz="sm">
          {gate.sends ? words.onHelp : gate.by_hand ? words.offHelp : words.closed}
        </Text>
      </div>
    </Group>
  );
}

interface QuestionProps {
  close: (said?: string) => void;
}

function Pause({ close }: QuestionProps) {
  const words = useWords().sending;
  const [because, setBecause] = useState("");
  const pause = usePause();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    pause.mutate(because.trim(), { onSuccess: () => close(words.gate.paused) });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text fz="sm">{words.gate.pauseHelp}</Text>
        <TextInput
          data-autofocus
          description={words.becauseHint}
          inputWrapperOrder={["label", "input", "description", "error"]}
          label={words.because}
          maxLength={200}
          onChange={(event) => setBecause(event.currentTarget.value)}
          pattern=".*\S.*"
          required
          value={because}
          withAsterisk={false}
        />
        <Refused error={pause.error} title={words.failed} />
        <Group justify="flex-end">
          <Button onClick={() => close()} variant="default">
            {words.cancel}
          </Button>
          <Button color="clay" loading={pause.isPending} type="submit">
            {words.gate.pause}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Resume({ close, page }: QuestionProps & { page: Page }) {
  const words = useWords();
  const format = useFormat();
  const { gate } = words.sending;
  const [fate, setFate] = useState<Backlog>("send");
  const resume = useResume();
  const yes = () =>
    resume.mutate(fate, {
      // Something else may keep it closed, which the panel then says.
      onSuccess: (after) => close(after.gate.sends ? gate.resumed : undefined),
    });
  return (
    <Stack gap="md">
      <Text fz="sm">{gate.resumeHelp}</Text>
      {page.overdue.length > 0 ? (
        <>
          <div>
            <Text fw={600} fz="sm">
              {gate.due}
            </Text>
            <ul className="sending-due">
              {page.overdue.map((one) => (
                <li key={`${one.channel} ${one.purpose}`}>
                  {gate.dueLine(
                    words.customer.channel[one.channel],
                    words.customer.purpose[one.purpose],
                    format.number(one.waiting),
                  )}
                  <span className="soft"> · {gate.since(format.moment(one.oldest_at))}</span>
                </li>
              ))}
            </ul>
          </div>
          <Radio.Group
            label={gate.whatNow}
            onChange={(value) => setFate(FATES.find((one) => one === value) ?? "send")}
            value={fate}
          >
            <Stack gap="xs" mt="xs">
              {FATES.map((one) => (
                <Radio key={one} label={gate.fate[one]} value={one} />
              ))}
            </Stack>
          </Radio.Group>
        </>
      ) : (
        <Text className="soft" fz="sm">
          {gate.nothingDue}
        </Text>
      )}
      <Refused error={resume.error} title={words.sending.failed} />
      <Group justify="flex-end">
        <Button data-autofocus onClick={() => close()} variant="default">
          {words.sending.cancel}
        </Button>
        <Button loading={resume.isPending} onClick={yes}>
          {gate.resume}
        </Button>
      </Group>
    </Stack>
  );
}
