import { Text } from "@mantine/core";
import { Link } from "react-router";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import type { Words } from "../i18n/words";
import type { AccessLine } from "./types";

const NAMED = 3;

/** A table on a desk, cards in a hand. */
export function AccessTable({ accesses }: { accesses: AccessLine[] }) {
  const words = useWords().guard.privacy;
  return (
    <table aria-label={words.table} className="guard-table guard-cards">
      <thead>
        <tr>
          <th scope="col">{words.when}</th>
          <th scope="col">{words.by}</th>
          <th scope="col">{words.what}</th>
          <th scope="col">{words.whom}</th>
        </tr>
      </thead>
      <tbody>
        {accesses.map((access) => (
          <Line access={access} key={access.id} />
        ))}
      </tbody>
    </table>
  );
}

function Line({ access }: { access: AccessLine }) {
  const words = useWords();
  const format = useFormat();
  const { privacy } = words.guard;
  const kind = access.role ? words.session.role[access.role] : privacy.kind[access.by_kind];
  return (
    <tr>
      <td className="soft">{format.moment(access.seen_at)}</td>
      <td>
        {access.by_whom} <span className="soft">{kind}</span>
        {access.from_address ? (
          <Text className="soft" fz="xs">
            {privacy.from(access.from_address)}
          </Text>
        ) : null}
      </td>
      <td>
        {saySeen(access.what, privacy)}
        {access.reason ? <Text fz="sm">{privacy.reason(access.reason)}</Text> : null}
      </td>
      <td>
        <Subjects access={access} />
      </td>
    </tr>
  );
}

/** What was shown, in words; what has none yet stands as it was written down. */
function saySeen(what: string, words: Words["guard"]["privacy"]): string {
  const named = words.seen[what];
  if (named) return named;
  for (const [kind, say] of Object.entries(words.seenOf)) {
    if (what.startsWith(`${kind} `)) return say(what.slice(kind.length + 1));
  }
  return what;
}

/** Whom it was about, by number, where they were few. */
function Subjects({ access }: { access: AccessLine }) {
  const words = useWords();
  const format = useFormat();
  const named = access.customer_ids.length > 0 && access.customer_ids.length <= NAMED;
  if (!named) return words.guard.privacy.people(format.number(access.subjects));
  return access.customer_ids.map((id, place) => (
    <span key={id}>
      {place > 0 ? ", " : null}
      <Link className="text-link" to={`/customers/${id}`}>
        {words.customers.number(String(id))}
      </Link>
    </span>
  ));
}
