import { Badge } from "@mantine/core";
import { Link } from "react-router";
import type { CustomerLine } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";

/** A table on a desk, cards in a hand: the same rows either way. */
export function CustomerList({ customers }: { customers: CustomerLine[] }) {
  const words = useWords().customers;
  return (
    <div className="panel list-panel">
      <table aria-label={words.list} className="list">
        <thead>
          <tr>
            <th scope="col">{words.id}</th>
            <th scope="col">{words.email}</th>
            <th scope="col">{words.orders}</th>
            <th scope="col">{words.consent}</th>
            <th scope="col">{words.seen}</th>
          </tr>
        </thead>
        <tbody>
          {customers.map((customer) => (
            <Row customer={customer} key={customer.id} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ customer }: { customer: CustomerLine }) {
  const words = useWords();
  const format = useFormat();
  return (
    <tr>
      <td>
        <Link className="list-link" to={`/customers/${customer.id}`}>
          {customer.external_id ?? words.customers.anonymous}
        </Link>
      </td>
      <td className="soft">{customer.email ?? "–"}</td>
      <td className="number">{words.common.times(format.number(customer.orders))}</td>
      <td>
        <Badge color={customer.consented ? "pine" : "stone"} radius="sm" variant="light">
          {customer.consented ? words.customers.yes : words.customers.no}
        </Badge>
      </td>
      <td className="soft number">{format.moment(customer.last_seen_at)}</td>
    </tr>
  );
}
