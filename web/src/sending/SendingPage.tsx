import { useWords } from "../i18n/useWords";
import { Frame } from "./Frame";
import { GatePanel } from "./GatePanel";
import { LanesPanel } from "./LanesPanel";
import { UnsetPanel } from "./UnsetPanel";
import { VendorsPanel } from "./VendorsPanel";

/** Whether anything is sent now, what waits, and how every vendor fares. */
export function SendingPage({ writes }: { writes: boolean }) {
  const words = useWords().sending;
  return (
    <Frame subtitle={words.subtitle} title={words.title} writes={writes}>
      {(page, may) => (
        <>
          <GatePanel may={may} page={page} />
          <LanesPanel lanes={page.lanes} vendors={page.vendors} />
          <VendorsPanel may={may} page={page} />
          <UnsetPanel vendors={page.vendors} />
        </>
      )}
    </Frame>
  );
}
