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
