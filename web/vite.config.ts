import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// biome-ignore lint/style/noDefaultExport: Vite looks for the default export.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../src/dangol/console/static",
    emptyOutDir: true,
    target: "es2022",
    // One bundle is below this; the warning would tell nobody anything.
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { "/api": "http://127.0.0.1:8000" } },
});
