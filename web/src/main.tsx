import "@mantine/core/styles.css";
import { MantineProvider } from "@mantine/core";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { ApiError } from "./api/client";
import { LocaleProvider } from "./i18n/LocaleProvider";
import { router } from "./routes";
import { theme } from "./ui/theme";
import "./ui/ui.css";

// A session that ended anywhere ends here too: the next look shows the sign-in page.
function noticeSignOut(error: unknown) {
  if (error instanceof ApiError && error.status === 401) queries.setQueryData(["session"], null);
}

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => noticeSignOut(error),
  }),
  mutationCache: new MutationCache(),
  defaultOptions: {
    queries: {
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider defaultColorScheme="light" forceColorScheme="light" theme={theme}>
        <QueryClientProvider client={queries}>
          <LocaleProvider>
            <RouterProvider router={router} />
          </LocaleProvider>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
