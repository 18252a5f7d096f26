import { Text } from "@mantine/core";
import type { Moment } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import type { Words } from "../i18n/words";
import { Icon, type IconName } from "../ui/Icon";
import { MessageCard } from "./MessageCard";

interface MomentItemProps {
  customer: number;
  moment: Moment;
  attempts: Moment[];
}

export function MomentItem({ customer, moment, attempts }: MomentItemProps) {
  const words = useWords();
  const format = useFormat();
  const look = lookOf(moment);
  return (
    <li className="moment">
      <span className="moment-icon" data-color={look.color}>
        <Icon name={look.icon} size={18} />
      </span>
      <div className="moment-body">
        {moment.kind === "message" ? (
          <MessageCard attempts={attempts} customer={customer} moment={moment} />
        ) : (
          <Plain moment={moment} title={titleOf(moment, words)} />
        )}
      </div>
      <time className="moment-time soft number" dateTime={moment.at}>
        {format.time(moment.at)}
      </time>
    </li>
  );
}

function Plain({ moment, title }: { moment: Moment; title: string }) {
  const format = useFormat();
  const details = [
    moment.revenue ? format.money(moment.revenue, moment.currency) : null,
    moment.detail,
  ].filter(Boolean);
  return (
    <>
      <Text>{title}</Text>
      {details.length > 0 ? (
        <Text className="soft number" fz="sm">
          {details.join(" · ")}
        </Text>
      ) : null}
    </>
  );
}

function titleOf(moment: Moment, words: Words): string {
  switch (moment.kind) {
    case "receipt":
      return at(words.flow.receipt, moment.name);
    case "consent":
      return at(words.customer.consentAction, moment.name);
    default:
      return at(words.events, moment.name);
  }
}

/** The word for a name, or the name itself where a newer server says what we do not know. */
function at(words: Record<string, string>, name: string): string {
  return words[name] ?? name;
}

const BAD_NEWS = new Set([
  "bounced",
  "complained",
  "unsubscribed",
  "refuse",
  "withdraw",
  "night_withdraw",
]);

function lookOf(moment: Moment): { icon: IconName; color: string } {
  if (BAD_NEWS.has(moment.name)) return { icon: "hand", color: "clay" };
  switch (moment.kind) {
    case "message":
      return { icon: "deliveries", color: moment.name === "skipped" ? "clay" : "pine" };
    case "receipt":
      return { icon: "receipts", color: "pine" };
    case "consent":
      return { icon: "check", color: "pine" };
    default:
      return { icon: moment.name.startsWith("Segment") ? "segments" : "events", color: "stone" };
  }
}
