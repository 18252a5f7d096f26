import { Button, Grid, Skeleton, Text } from "@mantine/core";
import { Link, useParams } from "react-router";
import type { MailLine } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Empty } from "../ui/Empty";
import { PageTitle } from "../ui/PageTitle";
import { Trouble } from "../ui/Trouble";
import { MailReader } from "./MailReader";
import "./mailbox.css";
import { useMails } from "./queries";

/** What the demo's customers got, as they got it. */
export function MailboxPage() {
  const words = useWords().mailbox;
  const { id } = useParams();
  return (
    <div className={id ? "mailbox reading" : "mailbox"}>
      <PageTitle subtitle={words.subtitle} title={words.title} />
      <Mails open={id} />
    </div>
  );
}

function Mails({ open }: { open: string | undefined }) {
  const words = useWords();
  const mails = useMails();
  if (mails.isPending) {
    return <Skeleton aria-label={words.common.loading} height={480} radius={16} role="status" />;
  }
  if (mails.isError) return <Trouble error={mails.error} retry={() => mails.refetch()} />;
  const first = mails.data.pages[0];
  if (!first?.available || first.total === 0) return <NoMail off={!first?.available} />;
  return (
    <Grid gap="md">
      <Grid.Col className="mail-side" span={{ base: 12, md: 4 }}>
        <MailList
          mails={mails.data.pages.flatMap((page) => page.mails)}
          open={open}
          total={first.total}
        />
        {mails.hasNextPage ? (
          <Button
            fullWidth
            loading={mails.isFetchingNextPage}
            mt="sm"
            onClick={() => mails.fetchNextPage()}
            variant="default"
          >
            {words.common.more}
          </Button>
        ) : null}
      </Grid.Col>
      <Grid.Col className="mail-main" span={{ base: 12, md: 8 }}>
        {open ? <MailReader id={open} key={open} /> : <Choose />}
      </Grid.Col>
    </Grid>
  );
}

function NoMail({ off }: { off: boolean }) {
  const words = useWords().mailbox;
  return (
    <div className="panel">
      <Empty
        help={off ? words.offHelp : words.emptyHelp}
        icon="mailbox"
        title={off ? words.off : words.empty}
      />
    </div>
  );
}

function Choose() {
  const words = useWords().mailbox;
  return (
    <div className="panel mail-choose">
      <Empty help={words.chooseHelp} icon="mailbox" title={words.choose} />
    </div>
  );
}

interface MailListProps {
  mails: MailLine[];
  open: string | undefined;
  total: number;
}

function MailList({ mails, open, total }: MailListProps) {
  const words = useWords().mailbox;
  const format = useFormat();
  return (
    <nav aria-label={words.list} className="panel mail-list">
      <Text className="soft number" fz="sm" px="0.6rem" py={4}>
        {words.count(format.number(total))}
      </Text>
      {mails.map((mail) => (
        <Link
          aria-current={mail.id === open ? "page" : undefined}
          className="row-link mail-line"
          key={mail.id}
          to={`/mailbox/${mail.id}`}
        >
          <Text fw={600} lineClamp={2}>
            {mail.subject || words.noSubject}
          </Text>
          <span className="mail-meta soft">
            <span className="mail-to">{mail.to}</span>
            {mail.at ? <time dateTime={mail.at}>{format.moment(mail.at)}</time> : null}
          </span>
        </Link>
      ))}
    </nav>
  );
}
