import { runStripped } from "#tests/wall/neighbour.ts";

runStripped("exchange", () => import("#app/features/triggers/exchange.server.test.ts"));
