import createClient from "openapi-fetch";
import type { paths } from "./schema";

/** What went wrong, by the number that HTTP gives it; 0 where no answer came at all. */
export class ApiError extends Error {
  readonly status: number;
  /** The answer's body, where the server said more than a reason. */
  readonly body: unknown;

  constructor(status: number, message: string, body: unknown = null) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

export const api = createClient<paths>({ baseUrl: window.location.origin });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Send a file as it is; openapi-fetch knows bodies of JSON only. The answer as in `ask`. */
export function sendFile<T>(path: string, file: File): Promise<T> {
  const headers = { "Content-Type": "text/csv" };
  const sent = fetch(path, { method: "PUT", headers, body: file });
  return ask<T>(
    sent.then(async (response) => {
      const body = await response.json().catch(() => null);
      return response.ok ? { data: body as T, response } : { error: body, response };
    }),
  );
}

/** Ask for a file, and hand it to the browser under a name. */
export async function saveFile(path: string, body: unknown, name: string): Promise<void> {
  const headers = { "Content-Type": "application/json" };
  const sent = fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  const file = await ask<Blob>(
    sent.then(async (response) =>
      response.ok
        ? { data: await response.blob(), response }
        : { error: await response.json().catch(() => null), response },
    ),
  );
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser begins to read at once; a moment later nobody needs the address any more.
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The answer's data; an ApiError where there is none. */
export async function ask<T>(asked: Promise<Answer<T>>): Promise<T> {
  const answer = await asked.catch((fault: unknown) => {
    throw new ApiError(0, String(fault));
  });
  if (!answer.response.ok) {
    throw new ApiError(answer.response.status, reasonIn(answer.error), answer.error);
  }
  return answer.data as T;
}

function reasonIn(error: unknown): string {
  if (typeof error === "object" && error !== null) {
    if ("message" in error) return String(error.message);
    if ("detail" in error) return String(error.detail);
  }
  return "";
}

interface Refusal {
  code: string;
  message: string;
  /** The same in Korean; empty where there is no Korean. */
  message_ko: string;
  /** Which place of what was sent is meant; empty where it is none. */
  path: string;
}

/** What the server said when it refused something that can be put right; null in other trouble. */
export function refusalIn(error: unknown): Refusal | null {
  if (!(error instanceof ApiError) || ![400, 409].includes(error.status)) return null;
  const said = (error.body ?? {}) as Partial<Refusal>;
  const { code = "", message_ko = "", path = "" } = said;
  return { code, message: error.message, message_ko: message_ko || error.message, path };
}
