import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ask, sendFile } from "../api/client";
import type { ListKind, UploadedList } from "./types";

const KEY = ["lists"];

export function useLists() {
  return useQuery({
    queryKey: KEY,
    queryFn: () => ask(api.GET("/api/lists")),
    select: (answer) => answer.lists,
  });
}

export interface Upload {
  name: string;
  file: File;
  by: ListKind;
  column: string;
}

/** Makes a list of a file's customers, or makes it anew. */
export function useUpload() {
  const renew = useRenew();
  return useMutation({
    mutationFn: ({ name, file, by, column }: Upload) => {
      const query = new URLSearchParams({ by, column });
      return sendFile<UploadedList>(`/api/lists/${encodeURIComponent(name)}?${query}`, file);
    },
    onSuccess: renew,
  });
}

export function useDrop() {
  const renew = useRenew();
  return useMutation({
    mutationFn: (name: string) =>
      ask(api.DELETE("/api/lists/{name}", { params: { path: { name } } })),
    onSuccess: renew,
  });
}

function useRenew() {
  const cache = useQueryClient();
  return () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: KEY }),
      cache.invalidateQueries({ queryKey: ["vocabulary"] }),
    ]);
}
