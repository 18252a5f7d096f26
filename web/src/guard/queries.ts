import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, ask } from "../api/client";

/** Every message under what settled it; of one journey, or of all. */
export function useFates(journey: string | null) {
  return useQuery({
    queryKey: ["fates", journey],
    queryFn: () => ask(api.GET("/api/fates", { params: { query: { journey } } })),
    placeholderData: keepPreviousData,
  });
}
