import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { api, ask } from "../api/client";

const EVERY_MS = 2000;
// The page never takes more than a tenth of the server's time.
const PATIENCE = 10;

/** The numbers of every stage, asked for again every two seconds, or less often where they are slow. */
export function useFlow() {
  const cost = useRef(0);
  return useQuery({
    queryKey: ["flow"],
    queryFn: async () => {
      const began = performance.now();
      const flow = await ask(api.GET("/api/flow"));
      cost.current = performance.now() - began;
      return flow;
    },
    refetchInterval: () => Math.max(EVERY_MS, PATIENCE * cost.current),
  });
}
