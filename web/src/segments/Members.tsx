import { Button, Group, Skeleton, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Empty } from "../ui/Empty";
import { Panel } from "../ui/Panel";
import { Trouble } from "../ui/Trouble";
import { today } from "./build/fields";
import { useMembers } from "./queries";
import type { Member, SegmentDetail } from "./types";

/** Who belongs now, or belonged on a day. */
export function Members({ segment }: { segment: SegmentDetail }) {
  const words = useWords();
  const format = useFormat();
  const [day, setDay] = useState("");
  const found = useMembers(segment.name, day);
  const total = found.data?.pages[0]?.total ?? 0;
  const members = found.data?.pages.flatMap((page) => page.members) ?? [];
  return (
    <Panel title={words.segments.membersTitle}>
      <Group align="flex-end" gap="sm" mb="sm">
        <TextInput
          label={words.segments.membersOn}
          max={today()}
          onChange={(event) => setDay(event.currentTarget.value)}
          type="date"
          value={day}
        />
        {day ? (
          <Button onClick={() => setDay("")} variant="default">
            {words.segments.membersNow}
          </Button>
        ) : null}
        <Text className="soft number" fz="sm" ml="auto" role="status">
          {found.data ? words.segments.membersTotal(format.number(total)) : ""}
        </Text>
      </Group>
      {found.isPending ? <Skeleton height={200} radius={12} /> : null}
      {found.isError ? <Trouble error={found.error} retry={() => found.refetch()} /> : null}
      {found.data && members.length === 0 ? <Nobody day={day} /> : null}
      {members.length > 0 ? <MemberTable members={members} /> : null}
      {found.hasNextPage ? (
        <Button
          fullWidth
          loading={found.isFetchingNextPage}
          mt="sm"
          onClick={() => found.fetchNextPage()}
          variant="default"
        >
          {words.common.more}
        </Button>
      ) : null}
    </Panel>
  );
}

function Nobody({ day }: { day: string }) {
  const words = useWords().segments;
  return (
    <Empty
      help={day ? words.membersEmptyOn : words.membersEmptyHelp}
      icon="customers"
      title={words.membersEmpty}
    />
  );
}

function MemberTable({ members }: { members: Member[] }) {
  const words = useWords();
  const format = useFormat();
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <th scope="col">{words.segments.customer}</th>
          <th scope="col">{words.segments.since}</th>
        </tr>
      </thead>
      <tbody>
        {members.map((member) => (
          <tr key={member.id}>
            <td>
              <Link className="text-link" to={`/customers/${member.id}`}>
                {member.label || words.customers.anonymous}
              </Link>
            </td>
            <td className="soft number">{format.moment(member.entered_at)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
