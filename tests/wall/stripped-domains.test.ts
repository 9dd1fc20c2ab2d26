import { runStripped } from "#tests/wall/neighbour.ts";

runStripped("domains", () => import("#app/features/shops/domains.server.test.ts"));
