import { ApiError } from "./client";

export async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  const csv = typeof body === "string";
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.body = csv ? body : JSON.stringify(body);
    init.headers = { "Content-Type": csv ? "text/csv" : "application/json" };
  }
  const response = await fetch(path, init).catch((fault: unknown) => {
    throw new ApiError(0, String(fault));
  });
  const answer = await response.json().catch(() => null);
  if (!response.ok) {
    throw new ApiError(response.status, String(answer?.detail ?? answer?.message ?? ""), answer);
  }
  return answer as T;
}
