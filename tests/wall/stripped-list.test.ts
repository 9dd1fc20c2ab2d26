import { runStripped } from "#tests/wall/neighbour.ts";

runStripped("list", () => import("#app/features/messages/list.server.test.ts"));
