import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "**/node_modules/**",
      "build/**",
      ".cache/**",
      ".data/**",
      "app/platform/db/generated/**",
      "tests/e2e/results/**",
      "tests/e2e/screens/**",
      "bench-results/**",
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  tseslint.configs.recommended,
  {
    files: ["**/*.ts", "**/*.tsx"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A promise nobody waits for swallows its error.
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "separate-type-imports" }],
      "@typescript-eslint/only-throw-error": "off", // Remix: loaders throw Responses
    },
  },
  {
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-constant-binary-expression": "error",
      "no-empty": ["error", { allowEmptyCatch: false }],
      "no-promise-executor-return": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["app/**/*.tsx", "extensions/**/*.tsx"],
    ...reactHooks.configs.flat["recommended-latest"],
  },
  {
    // What a process says goes through the logger, which knows what must not be said.
    files: ["app/**/*.ts", "app/**/*.tsx"],
    rules: { "no-console": "error" },
  },
  {
    files: ["app/**/*.ts", "app/**/*.tsx"],
    ignores: ["app/platform/env.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        {
          object: "process",
          property: "env",
          message: "The environment is read in app/platform/env.ts alone.",
        },
      ],
    },
  },
  {
    files: ["tests/**/*.ts", "tests/**/*.mjs", "app/**/*.test.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        ...["test", "it", "describe"].flatMap((object) =>
          ["only", "skip", "todo", "fixme"].map((property) => ({
            object,
            property,
            message: "A test runs, or it is not there.",
          })),
        ),
      ],
    },
  },
);
