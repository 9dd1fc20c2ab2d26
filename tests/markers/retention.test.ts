import { Client } from "pg";
import { DAY_MS, runJobs } from "#tests/markers/life.ts";
import { OPT_OUT } from "#tests/markers/endings.ts";
import { proveErased } from "#tests/markers/proof.ts";
import { overTheWall } from "#tests/setup/wall.ts";

proveErased("the time of buyers' data is over", {
  erases: ["buyer"],
  survives: OPT_OUT,
  // What the platform keeps for everybody has a time that is not the shop's to choose.
  aging: ["inbox"],
  // The shop beside keeps everything as long as a merchant may.
  async prepare({ engine, bystander }) {
    const client = new Client({ connectionString: overTheWall(engine.databaseUrl) });
    await client.connect();
    const longest = { buyer: 730, mail: 365, records: 1095, audit: 2190 };
    await client.query("UPDATE shops SET retention = $2 WHERE id = $1", [bystander.id, longest]);
    await client.end();
  },
  async run({ engine }) {
    engine.setTime(new Date(engine.clock().getTime() + 200 * DAY_MS));
    await runJobs(engine, (name) => /retention|sweep/.test(name));
  },
});
