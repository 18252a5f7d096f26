import { ActionIcon, Text } from "@mantine/core";
import { Link } from "react-router";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Icon } from "../ui/Icon";
import type { CustomerList } from "./types";

interface ListTableProps {
  lists: CustomerList[];
  writes: boolean;
  onRemove: (name: string) => void;
}

export function ListTable({ lists, writes, onRemove }: ListTableProps) {
  const words = useWords().lists;
  return (
    <ul aria-label={words.title} className="panel list-panel lists">
      {lists.map((list) => (
        <Row key={list.name} list={list} onRemove={onRemove} writes={writes} />
      ))}
    </ul>
  );
}

interface RowProps {
  list: CustomerList;
  writes: boolean;
  onRemove: (name: string) => void;
}

function Row({ list, writes, onRemove }: RowProps) {
  const words = useWords().lists;
  const format = useFormat();
  const facts = [
    [words.entries, format.number(list.entries)],
    [words.matched, format.number(list.matched)],
    [words.uploaded, format.moment(list.uploaded_at)],
  ] as const;
  return (
    <li className="lists-row">
      <Text fw={700}>{list.name}</Text>
      <dl className="lists-facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
        <div>
          <dt>{words.usedBy}</dt>
          <dd>
            {list.used_by.length + list.journeys.length === 0 ? words.unused : null}
            {list.used_by.map((name) => (
              <Link className="lists-user" key={name} to={`/segments/${encodeURIComponent(name)}`}>
                {name}
              </Link>
            ))}
            {list.journeys.map((name) => (
              <span className="lists-user" key={`journey ${name}`}>
                {words.journey(name)}
              </span>
            ))}
          </dd>
        </div>
      </dl>
      {writes ? (
        <ActionIcon
          aria-label={words.removeOne(list.name)}
          className="lists-remove"
          color="stone"
          onClick={() => onRemove(list.name)}
          variant="subtle"
        >
          <Icon name="bin" size={19} />
        </ActionIcon>
      ) : null}
    </li>
  );
}
