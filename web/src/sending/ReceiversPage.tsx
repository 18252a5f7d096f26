import { Link } from "react-router";
import { useWords } from "../i18n/useWords";
import { Empty } from "../ui/Empty";
import { Frame } from "./Frame";
import { ReceiversPanel } from "./ReceiversPanel";
import type { Page } from "./types";
import { WarmUpPanel } from "./WarmUpPanel";

/** What each receiver of mail gets, and how slowly a new sender begins. */
export function ReceiversPage({ writes }: { writes: boolean }) {
  const words = useWords().sending.receivers;
  return (
    <Frame subtitle={words.subtitle} title={words.title} writes={writes}>
      {(page, may) => <Mailers may={may} page={page} />}
    </Frame>
  );
}

function Mailers({ page, may }: { page: Page; may: boolean }) {
  const words = useWords().sending.receivers;
  const mailers = page.vendors.filter(
    (one) => one.channels.includes("email") && (one.is_set || one.receivers.length > 0),
  );
  if (mailers.length === 0) {
    return (
      <div className="panel">
        <Empty help={words.noVendorHelp} icon="mailbox" title={words.noVendor} />
        <p className="sending-way">
          <Link className="text-link" to="/sending">
            {words.toNow}
          </Link>
        </p>
      </div>
    );
  }
  return mailers.map((vendor) => (
    <div className="sending-pair" key={vendor.name}>
      <ReceiversPanel may={may} vendor={vendor} />
      <WarmUpPanel lanes={page.lanes} may={may} vendor={vendor} />
    </div>
  ));
}
