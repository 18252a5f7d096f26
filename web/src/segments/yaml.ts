import type { Json } from "./tree";

const PLAIN_KEY = /^[A-Za-z_][\w-]*$/;

/** JSON values as YAML that people can read; texts are quoted, so that none is misread. */
export function writeYaml(value: Json, indent = ""): string {
  if (Array.isArray(value)) return writeList(value, indent);
  if (typeof value === "object" && value !== null) return writeFields(value, indent);
  return `${JSON.stringify(value)}\n`;
}

function writeList(values: Json[], indent: string): string {
  if (values.length === 0) return "[]\n";
  return values.map((one) => `${indent}- ${writeYaml(one, `${indent}  `).trimStart()}`).join("");
}

function writeFields(fields: { [name: string]: Json }, indent: string): string {
  const names = Object.entries(fields);
  if (names.length === 0) return "{}\n";
  return names
    .map(([name, value]) => {
      const key = PLAIN_KEY.test(name) ? name : JSON.stringify(name);
      const inside = writeYaml(value, `${indent}  `);
      const below = typeof value === "object" && value !== null && !/^(\[\]|\{\})/.test(inside);
      return `${indent}${key}:${below ? "\n" : " "}${below ? inside : inside.trimStart()}`;
    })
    .join("");
}
