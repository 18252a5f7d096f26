import { useQuery } from "@tanstack/react-query";
import { api, ask } from "../api/client";

const EVERY_MS = 15_000;

/** Which traits and properties there are. */
export function useData() {
  return useQuery({
    queryKey: ["data"],
    queryFn: () => ask(api.GET("/api/data")),
    refetchInterval: EVERY_MS,
  });
}
