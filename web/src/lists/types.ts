import type { components } from "../api/schema";

export type CustomerList = components["schemas"]["ListSummary"];
export type UploadedList = components["schemas"]["UploadedList"];

/** What a file knows customers by. */
export type ListKind = "user" | "email" | "phone";
