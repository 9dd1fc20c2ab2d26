import { listenTo } from "#tests/markers/quiet.ts";
import { runStripped } from "#tests/wall/neighbour.ts";

// The longest suite serves two proofs in one run: the wall alone keeps shops apart, and the log keeps to itself.
listenTo(() => runStripped("engine", () => import("#app/features/messages/engine.test.ts")));
