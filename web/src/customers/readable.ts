/** A template's subject without its placeholders. */
export function readable(subject: string): string {
  return subject.replace(/\{%.*?%\}/g, "").replace(/\{\{.*?\}\}/g, "…");
}
