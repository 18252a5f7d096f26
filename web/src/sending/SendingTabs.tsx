import { useWords } from "../i18n/useWords";
import { Tabs } from "../ui/Tabs";

/** The pages about what leaves, side by side. */
export function SendingTabs() {
  const { tabs } = useWords().sending;
  return (
    <Tabs
      label={tabs.label}
      tabs={[
        { to: "/sending", label: tabs.now },
        { to: "/sending/receivers", label: tabs.receivers },
        { to: "/sending/dead", label: tabs.dead },
      ]}
    />
  );
}
