import { runStripped } from "#tests/wall/neighbour.ts";

runStripped("templates", () => import("#app/features/templates/templates.server.test.ts"));
