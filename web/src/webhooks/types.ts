import type { components } from "../api/schema";

type Schemas = components["schemas"];

export type WebhooksPage = Schemas["WebhooksPage"];
export type Endpoint = Schemas["EndpointView"];
export type EndpointWish = Schemas["EndpointWish"];
export type Call = Schemas["CallView"];
export type CallState = Schemas["WebhookState"];
export type Kind = Schemas["WebhookKind"];
export type AgainWish = Schemas["AgainWish"];
