import { Alert, Grid, Stack } from "@mantine/core";
import { useState } from "react";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Icon } from "../ui/Icon";
import { Panel } from "../ui/Panel";
import { Refused } from "../ui/Refused";
import { Builder } from "./build/Builder";
import { EditBar } from "./EditBar";
import { JsonView } from "./JsonView";
import { LeaveGuard } from "./LeaveGuard";
import { Preview } from "./Preview";
import { PublishDialog } from "./PublishDialog";
import { SaveBar } from "./SaveBar";
import { TitleFields, titleFaults } from "./TitleFields";
import type { ReadyMade, SegmentDetail, Version, Vocabulary } from "./types";
import { useDesk } from "./useDesk";
import { useWritten } from "./useWritten";

const TITLES = "segment-titles";

export interface EditorProps {
  segment: SegmentDetail | undefined;
  model: ReadyMade | undefined;
  vocabulary: Vocabulary;
  taken: readonly string[];
  /** An earlier version to begin with. */
  version: Version | undefined;
}

/** The condition, its titles, and whom it finds, side by side. */
export function Editor({ segment, model, vocabulary, taken, version }: EditorProps) {
  const words = useWords().segments;
  const format = useFormat();
  const written = useWritten({ segment, model, taken, version });
  const [form, setForm] = useState<"form" | "json">("form");
  const [asked, ask] = useState(false);
  const [refusals, refuse] = useState(0);
  const desk = useDesk(written, segment, asked);
  const faults = titleFaults(written, segment ? [] : ["new", ...taken], words);
  const look = (deed: () => void) => {
    ask(true);
    if (Object.keys(faults).length > 0) document.getElementById(TITLES)?.focus();
    else if (desk.fault || written.unfinished) {
      setForm("form");
      refuse(refusals + 1);
    } else deed();
  };
  return (
    <>
      <LeaveGuard dirty={written.dirty} leaving={desk.leaving} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="md">
            {version ? (
              <Alert color="pine" icon={<Icon name="undo" />} p="sm" role="status" variant="light">
                {words.wentBack(format.number(version.number))}
              </Alert>
            ) : null}
            <TitleFields
              faults={asked ? faults : {}}
              fresh={!segment}
              id={TITLES}
              written={written}
            />
            <Panel
              aside={<EditBar form={form} history={written.history} setForm={setForm} />}
              title={words.asForm}
            >
              {form === "form" ? (
                <Builder
                  fault={desk.fault}
                  history={written.history}
                  name={segment?.name}
                  refusals={refusals}
                  vocabulary={vocabulary}
                />
              ) : (
                <JsonView fault={desk.fault} history={written.history} />
              )}
            </Panel>
            {desk.fault ? null : <Refused error={desk.save.error} />}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <div className="beside">
            <Preview
              empty={written.empty}
              estimate={desk.estimate}
              old={desk.old}
              unfinished={written.unfinished}
            />
          </div>
        </Grid.Col>
      </Grid>
      <SaveBar desk={desk} look={look} written={written} />
      <PublishDialog desk={desk} segment={segment} />
    </>
  );
}
