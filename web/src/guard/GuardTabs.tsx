import { useWords } from "../i18n/useWords";
import { Tabs } from "../ui/Tabs";

/** The pages about what is held back, side by side. */
export function GuardTabs() {
  const { tabs } = useWords().guard;
  return (
    <Tabs
      label={tabs.label}
      tabs={[
        { to: "/guard", label: tabs.reasons },
        { to: "/guard/limits", label: tabs.limits },
        { to: "/guard/privacy", label: tabs.privacy },
        { to: "/guard/law", label: tabs.law },
      ]}
    />
  );
}
