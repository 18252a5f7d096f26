import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Days } from "./days";
import type { Price, Prices, ResultsPage } from "./types";

const RESULTS = ["results"];

/** What became of the messages of some days; without days of the last thirty. */
export function useResults(days: Days | null) {
  return useQuery({
    queryKey: [...RESULTS, days?.first, days?.last],
    queryFn: () => ask(api.GET("/api/results", { params: { query: days ?? {} } })),
    placeholderData: keepPreviousData,
  });
}

/** A change of prices; every page of results shows them as they are then. */
function useChange<T>(change: (wish: T) => Promise<Prices>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (prices) =>
      cache.setQueriesData<ResultsPage>(
        { queryKey: RESULTS },
        (page) => page && { ...page, prices },
      ),
  });
}

export function useKeepPrice() {
  return useChange((body: Price) => ask(api.PUT("/api/results/prices", { body })));
}

export function useDropPrice() {
  return useChange(({ provider, kind }: Price) =>
    ask(
      api.DELETE("/api/results/prices/{provider}/{kind}", { params: { path: { provider, kind } } }),
    ),
  );
}
