import type { components } from "../api/schema";

type Schemas = components["schemas"];

export type AudiencesPage = Schemas["AudiencesPage"];
export type Audience = Schemas["AudienceLine"];
export type AudienceWish = Schemas["AudienceWish"];
export type Network = Schemas["NetworkSetup"];
/** As the server's audience_reason; the document describes the keys of no object. */
export type Reason = "no_address" | "no_consent" | "suppressed" | "over_cap" | "over_most";
