import type { components } from "../api/schema";

type Schemas = components["schemas"];

export type ResultsPage = Schemas["ResultsPage"];
export type JourneyResult = Schemas["JourneyResult"];
export type Comparison = Schemas["Comparison"];
export type Figures = Schemas["Figures"];
export type Prices = Schemas["Prices"];
export type Price = Schemas["PriceView"];
