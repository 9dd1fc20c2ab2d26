import { runStripped } from "#tests/wall/neighbour.ts";

runStripped("engine", () => import("#app/features/messages/engine.test.ts"));
