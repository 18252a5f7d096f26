import { Alert } from "@mantine/core";
import { refusalIn } from "../api/client";
import { useLocale } from "../i18n/useWords";
import { Icon } from "./Icon";
import { Trouble } from "./Trouble";

/** Why the server refused, in its own words where it has any, for it knows best what to do. */
export function Refused({ error, title }: { error: unknown; title?: string }) {
  const { locale } = useLocale();
  if (!error) return null;
  const said = refusalIn(error);
  if (!said) return <Trouble error={error} />;
  return (
    <Alert color="clay" icon={<Icon name="info" />} role="alert" title={title} variant="light">
      {locale === "ko" ? said.message_ko : said.message}
    </Alert>
  );
}
