import { SegmentedControl, Text } from "@mantine/core";
import { useFormat } from "../../i18n/useFormat";
import { useWords } from "../../i18n/useWords";
import { Icon } from "../../ui/Icon";
import {
  type Branch,
  countLeaves,
  type Fields,
  type Item,
  isBranch,
  type Joint,
  type Leaf,
} from "../tree";
import { AddMenu } from "./AddMenu";
import { useBench } from "./context";
import { ItemMenu } from "./ItemMenu";
import { KINDS } from "./kinds";
import { isOfPart, Wrong } from "./Part";
import { Raw } from "./Raw";

const JOINTS: Joint[] = ["all", "any", "none"];

/** A group: how its conditions combine, the conditions, and what can be added. */
export function Group({ branch, depth }: { branch: Branch; depth: number }) {
  const { build } = useWords().segments;
  const bench = useBench();
  return (
    <>
      <div className="joint">
        <SegmentedControl<Joint>
          aria-label={build.jointLabel}
          data={JOINTS.map((value) => ({ value, label: build.joint[value] }))}
          onChange={(joint) => bench.join(branch.key, joint)}
          size="xs"
          value={branch.joint}
        />
        <Text className="soft" fz="sm">
          {build.jointHelp[branch.joint]}
        </Text>
      </div>
      {branch.of.length > 0 ? (
        <ol className="items">
          {branch.of.map((item, place) => (
            <li data-between={place > 0 ? build.between[branch.joint] : undefined} key={item.key}>
              <OneItem count={branch.of.length} depth={depth} item={item} place={place} />
            </li>
          ))}
        </ol>
      ) : (
        <Text className="soft items-none">{build.empty}</Text>
      )}
      <Mistaken item={branch} />
      <AddMenu first={depth === 0 && branch.of.length === 0} into={branch.key} />
    </>
  );
}

interface OneItemProps {
  item: Item;
  depth: number;
  place: number;
  count: number;
}

function OneItem({ item, depth, place, count }: OneItemProps) {
  const format = useFormat();
  const { build } = useWords().segments;
  const { mistake } = useBench();
  const branch = isBranch(item);
  const kind = branch ? "" : String(item.fields.kind ?? "");
  const what = branch
    ? build.groupOf(format.number(countLeaves(item)))
    : (build.kind[kind] ?? build.unknown(kind));
  const wrong = mistake?.key === item.key ? " item-wrong" : "";
  return (
    <fieldset
      aria-label={what}
      className={`item ${branch ? "item-group" : ""}${wrong}`}
      data-deep={depth % 2}
      data-item={item.key}
    >
      <div className="item-head">
        <span className="item-name">
          <Icon name={KINDS[kind]?.icon ?? (branch ? "segments" : "info")} size={17} />
          {branch ? build.group : what}
        </span>
        <ItemMenu count={count} item={item} place={place} what={what} />
      </div>
      {branch ? <Group branch={item} depth={depth + 1} /> : <Single leaf={item} />}
    </fieldset>
  );
}

/** The form for a condition; none for one of a kind that this page does not know. */
function formOf(fields: Fields) {
  return KINDS[String(fields.kind)];
}

function Single({ leaf }: { leaf: Leaf }) {
  const { build } = useWords().segments;
  const bench = useBench();
  const known = formOf(leaf.fields);
  return (
    <>
      {known ? (
        <known.Form
          fields={leaf.fields}
          item={leaf.key}
          onChange={(fields) => bench.edit(leaf.key, fields)}
        />
      ) : (
        <>
          <Text className="soft" fz="sm" mb={6}>
            {build.unknownHelp}
          </Text>
          <Raw
            label={build.json}
            onChange={(fields) => bench.edit(leaf.key, fields)}
            value={leaf.fields}
          />
        </>
      )}
      <Mistaken item={leaf} />
    </>
  );
}

/** What is wrong with a condition as a whole; a part that can say it itself does so. */
function Mistaken({ item }: { item: Item }) {
  const { mistake } = useBench();
  const mine = mistake?.key === item.key;
  const known = !isBranch(item) && formOf(item.fields) !== undefined;
  if (!mine || (known && isOfPart(mistake.rest))) return null;
  return <Wrong message={mistake.message} />;
}
