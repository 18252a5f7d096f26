import type { components } from "../api/schema";

type Schemas = components["schemas"];

export type LimitsPage = Schemas["LimitsPage"];
export type ShopLimits = Schemas["ShopLimits"];
export type Cap = Schemas["CapView"];
export type TopicTitle = Schemas["TopicTitle"];
export type StoppedMessage = Schemas["StoppedMessage"];
export type TemplateMarks = Schemas["TemplateMarks"];
