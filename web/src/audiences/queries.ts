import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { AudiencesPage, AudienceWish } from "./types";

const AUDIENCES = ["audiences"];
const EVERY_MS = 10_000;

export function useAudiences() {
  return useQuery({
    queryKey: AUDIENCES,
    queryFn: () => ask(api.GET("/api/audiences")),
    refetchInterval: EVERY_MS,
  });
}

/** The segments an audience can be fed by. */
export function useSegments() {
  return useQuery({
    queryKey: ["audience segments"],
    queryFn: () => ask(api.GET("/api/segments")),
    select: (answer) => answer.segments,
  });
}

/** A change of audiences; its answer is the page as it is then. */
function useChange<T>(change: (wish: T) => Promise<AudiencesPage>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (page) => cache.setQueryData(AUDIENCES, page),
    onError: () => cache.invalidateQueries({ queryKey: AUDIENCES }),
  });
}

export function useMake() {
  return useChange((body: AudienceWish) => ask(api.POST("/api/audiences", { body })));
}

export function useSync() {
  return useChange((name: string) =>
    ask(api.POST("/api/audiences/{name}/sync", { params: { path: { name } } })),
  );
}

export function usePause() {
  return useChange((name: string) =>
    ask(api.POST("/api/audiences/{name}/pause", { params: { path: { name } } })),
  );
}

export function useResume() {
  return useChange((name: string) =>
    ask(api.POST("/api/audiences/{name}/resume", { params: { path: { name } } })),
  );
}

export function useRemove() {
  return useChange((name: string) =>
    ask(api.DELETE("/api/audiences/{name}", { params: { path: { name } } })),
  );
}
