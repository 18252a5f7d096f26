import { Group, SegmentedControl, Skeleton, Text, Title } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import type { Mail } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Icon } from "../ui/Icon";
import { Trouble } from "../ui/Trouble";
import { useMail } from "./queries";

type View = "html" | "text" | "headers";

export function MailReader({ id }: { id: string }) {
  const words = useWords();
  const mail = useMail(id);
  return (
    <article className="panel">
      <Link className="row-link soft mail-back" to="/mailbox">
        <Group gap={4}>
          <Icon name="back" size={16} />
          {words.mailbox.back}
        </Group>
      </Link>
      {mail.isPending ? (
        <Skeleton aria-label={words.common.loading} height={420} role="status" />
      ) : null}
      {mail.isError ? <Trouble error={mail.error} retry={() => mail.refetch()} /> : null}
      {mail.data ? <Letter mail={mail.data} /> : null}
    </article>
  );
}

function Letter({ mail }: { mail: Mail }) {
  const words = useWords().mailbox;
  const format = useFormat();
  const [view, setView] = useState<View>(mail.has_html ? "html" : "text");
  const views: View[] = mail.has_html ? ["html", "text", "headers"] : ["text", "headers"];
  return (
    <>
      <Title fz="1.25rem" order={2}>
        {mail.subject || words.noSubject}
      </Title>
      <Text className="soft" fz="sm">
        {words.from} {mail.sender}
      </Text>
      <Text className="soft" fz="sm">
        {words.to} {mail.to} {mail.at ? `· ${format.moment(mail.at)}` : ""}
      </Text>
      <SegmentedControl<View>
        aria-label={words.view}
        data={views.map((value) => ({ value, label: words[value] }))}
        my="sm"
        onChange={setView}
        size="sm"
        value={view}
      />
      <Body mail={mail} view={view} />
      <Text className="soft" fz="xs" mt="sm">
        {words.careful}
      </Text>
    </>
  );
}

function Body({ mail, view }: { mail: Mail; view: View }) {
  const words = useWords().mailbox;
  if (view === "text") return <pre className="mail-text">{mail.text}</pre>;
  if (view === "headers") {
    return (
      <pre className="mail-text">
        {mail.headers.map(({ name, value }) => `${name}: ${value}`).join("\n")}
      </pre>
    );
  }
  return (
    <iframe
      className="mail-frame"
      // Without allow-scripts and allow-same-origin: what a mail brings along can do nothing here.
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      src={`/api/mailbox/${encodeURIComponent(mail.id)}/html`}
      title={words.frame}
    />
  );
}
