import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["app/**/*.test.ts", "app/**/*.test.tsx", "tests/**/*.test.ts", "extensions/**/*.test.ts"],
    exclude: ["tests/e2e/**", "**/node_modules/**", ".cache/**", ".data/**", "build/**"],
    globalSetup: ["tests/db.ts"],
    environment: "node",
    // Two cores, and the database takes its share of them.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A test that waits for chance, or that only sometimes runs, proves nothing.
    retry: 0,
    allowOnly: false,
    passWithNoTests: false,
  },
});
