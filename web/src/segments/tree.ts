/** Conditions as they are edited: the stored tree, with a key on every node that outlives edits. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Fields = { [name: string]: Json };
export type Joint = "all" | "any" | "none";

export interface Leaf {
  key: number;
  fields: Fields;
}

export interface Branch {
  key: number;
  joint: Joint;
  of: Item[];
}

export type Item = Leaf | Branch;

/** A condition as it is stored: its version, and the tree under "where". */
export type Definition = { [name: string]: unknown };

const JOINTS: readonly string[] = ["all", "any", "none"];
let lastKey = 0;

function newKey(): number {
  lastKey += 1;
  return lastKey;
}

export function isBranch(item: Item): item is Branch {
  return "joint" in item;
}

export function isFields(value: Json | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function makeLeaf(fields: Fields): Leaf {
  return { key: newKey(), fields };
}

export function makeBranch(joint: Joint, of: Item[] = []): Branch {
  return { key: newKey(), joint, of };
}

/** Read a node; what is no branch, even what nobody knows, is kept as it is in a leaf. */
export function readItem(json: Json): Item {
  if (!isFields(json)) return makeLeaf({ kind: "", value: json });
  const { kind, of, ...rest } = json;
  const plain = Object.keys(rest).length === 0;
  return plain && typeof kind === "string" && JOINTS.includes(kind) && Array.isArray(of)
    ? makeBranch(kind as Joint, of.map(readItem))
    : makeLeaf(json);
}

/** Read a whole condition; a single one is put into a group, so that others can join it. */
export function readTree(definition: Definition | null): Branch {
  if (!definition) return makeBranch("all");
  const item = readItem(definition.where as Json);
  return isBranch(item) ? item : makeBranch("all", [item]);
}

export function writeItem(item: Item): Fields {
  return isBranch(item) ? { kind: item.joint, of: item.of.map(writeItem) } : item.fields;
}

export function writeTree(tree: Branch): Definition {
  return { version: 1, where: writeItem(tree) };
}

/** The tree with the node of this key put through `change`; null takes it away. */
export function changeItem(tree: Branch, key: number, change: (item: Item) => Item | null): Branch {
  const changed = walkChange(tree, key, change);
  return changed && isBranch(changed) ? changed : tree;
}

function walkChange(item: Item, key: number, change: (item: Item) => Item | null): Item | null {
  if (item.key === key) return change(item);
  if (!isBranch(item)) return item;
  const of = item.of.map((part) => walkChange(part, key, change));
  return of.every((part, place) => part === item.of[place])
    ? item
    : { ...item, of: of.filter((part) => part !== null) };
}

export function addItem(tree: Branch, into: number, item: Item, place?: number): Branch {
  return changeItem(tree, into, (branch) =>
    isBranch(branch)
      ? { ...branch, of: branch.of.toSpliced(place ?? branch.of.length, 0, item) }
      : branch,
  );
}

export function removeItem(tree: Branch, key: number): Branch {
  return changeItem(tree, key, () => null);
}

export function parentOf(tree: Branch, key: number): Branch | null {
  for (const part of tree.of) {
    if (part.key === key) return tree;
    const inside = isBranch(part) ? parentOf(part, key) : null;
    if (inside) return inside;
  }
  return null;
}

export function findItem(item: Item, key: number): Item | null {
  if (item.key === key) return item;
  if (!isBranch(item)) return null;
  for (const part of item.of) {
    const found = findItem(part, key);
    if (found) return found;
  }
  return null;
}

/** The tree with a node moved among its siblings; at the edge it stays. */
export function moveItem(tree: Branch, key: number, by: -1 | 1): Branch {
  const parent = parentOf(tree, key);
  if (!parent) return tree;
  const from = parent.of.findIndex((part) => part.key === key);
  const moved = parent.of[from];
  if (!moved || from + by < 0 || from + by >= parent.of.length) return tree;
  const of = parent.of.toSpliced(from, 1).toSpliced(from + by, 0, moved);
  return changeItem(tree, parent.key, () => ({ ...parent, of }));
}

/** The tree with a node alone in a new group, for others to join. */
export function wrapItem(tree: Branch, key: number, group: Branch): Branch {
  return changeItem(tree, key, (item) => ({ ...group, of: [item] }));
}

/** The tree with a group's parts in its parent, and without the group. */
export function unwrapItem(tree: Branch, key: number): Branch {
  const parent = parentOf(tree, key);
  const group = findItem(tree, key);
  if (!parent || !group || !isBranch(group)) return tree;
  const place = parent.of.indexOf(group);
  return changeItem(tree, parent.key, () => ({
    ...parent,
    of: parent.of.toSpliced(place, 1, ...group.of),
  }));
}

/** The same node again, as another one. */
export function copyItem(item: Item): Item {
  return readItem(writeItem(item));
}

export function countLeaves(item: Item): number {
  return isBranch(item) ? item.of.reduce((sum, part) => sum + countLeaves(part), 0) : 1;
}

const NAMES = ["event", "trait", "property", "segment", "list"];

/** Whether something that must have a name has none yet, so that nobody need be asked about it. */
export function isUnfinished(json: Json | undefined): boolean {
  if (Array.isArray(json)) return json.some(isUnfinished);
  if (!isFields(json)) return false;
  return Object.entries(json).some(
    ([name, value]) => (NAMES.includes(name) && value === "") || isUnfinished(value),
  );
}

export interface Place {
  key: number;
  /** What follows in the path within that node, such as ".is.value". */
  rest: string;
}

/** Which node a path such as "$.where.of[1].is" means, and what is left of it there. */
export function placeOf(tree: Branch, path: string): Place {
  let at: Item = tree;
  let rest = path.replace(/^\$(\.where)?/, "");
  for (;;) {
    const step: RegExpExecArray | null = /^\.of\[(\d+)\]/.exec(rest);
    const next: Item | undefined = step && isBranch(at) ? at.of[Number(step[1])] : undefined;
    if (!step || !next) return { key: at.key, rest };
    at = next;
    rest = rest.slice(step[0].length);
  }
}
