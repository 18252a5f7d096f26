import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { AgainWish, CallState, EndpointWish, WebhooksPage } from "./types";

const WEBHOOKS = ["webhooks"];
const CALLS = ["webhook calls"];
const EVERY_MS = 5000;

export function useWebhooks() {
  return useQuery({
    queryKey: WEBHOOKS,
    queryFn: () => ask(api.GET("/api/webhooks")),
    refetchInterval: EVERY_MS,
  });
}

/** The calls to an endpoint, for as long as they are looked at. */
export function useCalls(name: string, stands: CallState | null) {
  return useQuery({
    queryKey: [...CALLS, name, stands],
    queryFn: () =>
      ask(api.GET("/api/webhooks/{name}/calls", { params: { path: { name }, query: { stands } } })),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
    select: (answer) => answer.calls,
  });
}

/** A change of endpoints; `page` finds in its answer how the page is then. */
function useChange<T, A>(change: (wish: T) => Promise<A>, page: (answer: A) => WebhooksPage) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (answer) => {
      cache.setQueryData(WEBHOOKS, page(answer));
      return cache.invalidateQueries({ queryKey: CALLS });
    },
    onError: () => cache.invalidateQueries({ queryKey: WEBHOOKS }),
  });
}

const itself = (page: WebhooksPage) => page;
const within = (answer: { page: WebhooksPage }) => answer.page;

export function useAdd() {
  return useChange(
    ({ name, ...body }: EndpointWish & { name: string }) =>
      ask(api.PUT("/api/webhooks/{name}", { params: { path: { name } }, body })),
    within,
  );
}

export function useRotate() {
  return useChange(
    ({ name, hours }: { name: string; hours: number }) =>
      ask(api.POST("/api/webhooks/{name}/secret", { params: { path: { name } }, body: { hours } })),
    within,
  );
}

export function useReplay() {
  return useChange(
    ({ name, ...body }: AgainWish & { name: string }) =>
      ask(api.POST("/api/webhooks/{name}/replay", { params: { path: { name } }, body })),
    within,
  );
}

export function useRemove() {
  return useChange(
    (name: string) => ask(api.DELETE("/api/webhooks/{name}", { params: { path: { name } } })),
    itself,
  );
}

export function useTest() {
  return useChange(
    (name: string) => ask(api.POST("/api/webhooks/{name}/test", { params: { path: { name } } })),
    itself,
  );
}

export function useEnable() {
  return useChange(
    (name: string) => ask(api.POST("/api/webhooks/{name}/enable", { params: { path: { name } } })),
    itself,
  );
}

export function useSetHeader() {
  return useChange(
    ({ endpoint, ...body }: { endpoint: string; name: string; value: string }) =>
      ask(api.POST("/api/webhooks/{name}/headers", { params: { path: { name: endpoint } }, body })),
    itself,
  );
}

export function useDropHeader() {
  return useChange(
    ({ endpoint, header }: { endpoint: string; header: string }) =>
      ask(
        api.DELETE("/api/webhooks/{name}/headers/{header}", {
          params: { path: { name: endpoint, header } },
        }),
      ),
    itself,
  );
}
