import { createBrowserRouter, useRouteError } from "react-router";
import type { Session } from "./api/types";
import { AudiencesPage } from "./audiences/AudiencesPage";
import { CustomerPage } from "./customers/CustomerPage";
import { CustomersPage } from "./customers/CustomersPage";
import { WhyPage } from "./customers/WhyPage";
import { DataPage } from "./data/DataPage";
import { FlowPage } from "./flow/FlowPage";
import { LawPage } from "./guard/LawPage";
import { LimitsPage } from "./guard/LimitsPage";
import { PrivacyPage } from "./guard/PrivacyPage";
import { ReasonsPage } from "./guard/ReasonsPage";
import { useWords } from "./i18n/useWords";
import { ListsPage } from "./lists/ListsPage";
import { MailboxPage } from "./mailbox/MailboxPage";
import { ResultsPage } from "./results/ResultsPage";
import { EditPage } from "./segments/EditPage";
import { SegmentPage } from "./segments/SegmentPage";
import { SegmentsPage } from "./segments/SegmentsPage";
import { DeadPage } from "./sending/DeadPage";
import { ReceiversPage } from "./sending/ReceiversPage";
import { SendingPage } from "./sending/SendingPage";
import { MemberMenu } from "./session/MemberMenu";
import { SignedIn } from "./session/SignedIn";
import { useSession } from "./session/useSession";
import { Empty } from "./ui/Empty";
import { PageTitle } from "./ui/PageTitle";
import { type NavItem, Shell } from "./ui/Shell";
import { Trouble } from "./ui/Trouble";
import { WebhooksPage } from "./webhooks/WebhooksPage";

function Frame({ session }: { session: Session }) {
  const { nav } = useWords();
  const items: NavItem[] = [
    { to: "/", icon: "flow", label: nav.flow, also: ["/results"] },
    { to: "/customers", icon: "customers", label: nav.customers },
    { to: "/segments", icon: "segments", label: nav.segments },
  ];
  items.push({
    to: "/data",
    icon: "data",
    label: nav.data,
    also: ["/webhooks", "/audiences"],
  });
  items.push({ to: "/guard", icon: "decisions", label: nav.guard });
  items.push({ to: "/sending", icon: "deliveries", label: nav.sending });
  if (session.has_mailbox) items.push({ to: "/mailbox", icon: "mailbox", label: nav.mailbox });
  return <Shell items={items} member={<MemberMenu session={session} />} />;
}

function OneCustomer() {
  return <CustomerPage owner={useSession().data?.role === "owner"} />;
}

/** Whether the member may change anything; the server refuses it anyway. */
function useWrites(): boolean {
  return useSession().data?.role !== "reader";
}

function AllSegments() {
  return <SegmentsPage writes={useWrites()} />;
}

function OneSegment() {
  return <SegmentPage writes={useWrites()} />;
}

function AllLists() {
  return <ListsPage writes={useWrites()} />;
}

function AllLimits() {
  return <LimitsPage writes={useWrites()} />;
}

function Sending() {
  return <SendingPage writes={useWrites()} />;
}

function Receivers() {
  return <ReceiversPage writes={useWrites()} />;
}

function DeadLetters() {
  return <DeadPage writes={useWrites()} />;
}

function AllResults() {
  return <ResultsPage writes={useWrites()} />;
}

function AllWebhooks() {
  const role = useSession().data?.role;
  return <WebhooksPage owner={role === "owner"} writes={useWrites()} />;
}

function AllAudiences() {
  return <AudiencesPage writes={useWrites()} />;
}

function Privacy() {
  return <PrivacyPage owner={useSession().data?.role === "owner"} />;
}

function Nowhere() {
  const { trouble } = useWords();
  return (
    <>
      <PageTitle title={trouble.missing} />
      <Empty help={trouble.missingHelp} icon="search" title={trouble.missing} />
    </>
  );
}

function Broken() {
  return <Trouble error={useRouteError()} retry={() => window.location.reload()} />;
}

/** Where features are put together; they do not know each other. */
export const router = createBrowserRouter([
  {
    element: <SignedIn>{(session) => <Frame session={session} />}</SignedIn>,
    errorElement: <Broken />,
    children: [
      { path: "/", element: <FlowPage /> },
      { path: "/customers", element: <CustomersPage /> },
      { path: "/customers/:id", element: <OneCustomer /> },
      { path: "/customers/:id/why", element: <WhyPage /> },
      { path: "/segments", element: <AllSegments /> },
      { path: "/segments/new", element: <EditPage /> },
      { path: "/segments/:name", element: <OneSegment /> },
      { path: "/segments/:name/edit", element: <EditPage /> },
      { path: "/lists", element: <AllLists /> },
      { path: "/data", element: <DataPage /> },
      { path: "/guard", element: <ReasonsPage /> },
      { path: "/guard/limits", element: <AllLimits /> },
      { path: "/guard/privacy", element: <Privacy /> },
      { path: "/guard/law", element: <LawPage /> },
      { path: "/sending", element: <Sending /> },
      { path: "/sending/receivers", element: <Receivers /> },
      { path: "/sending/dead", element: <DeadLetters /> },
      { path: "/mailbox", element: <MailboxPage /> },
      { path: "/mailbox/:id", element: <MailboxPage /> },
      { path: "/results", element: <AllResults /> },
      { path: "/webhooks", element: <AllWebhooks /> },
      { path: "/audiences", element: <AllAudiences /> },
      { path: "*", element: <Nowhere /> },
    ],
  },
]);
