import type { components } from "../api/schema";

type Schemas = components["schemas"];

export type LimitsPage = Schemas["LimitsPage"];
export type ShopLimits = Schemas["ShopLimits"];
export type Cap = Schemas["CapView"];
export type TopicTitle = Schemas["TopicTitle"];
export type StoppedMessage = Schemas["StoppedMessage"];
export type PurposeView = Schemas["PurposeView"];
export type AccessLine = Schemas["AccessLine"];
export type LawPack = Schemas["LawPack"];
export type LawRule = Schemas["LawRule"];
export type LawDuty = Schemas["LawDuty"];
export type LawExample = Schemas["LawExample"];
export type TemplateMarks = Schemas["TemplateMarks"];
