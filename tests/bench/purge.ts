// A shop with 100,000 orders is purged while 1,000 others live: how fast, beside bare indexed DELETEs of the same rows, and what the
// others' webhooks notice of it at the door.
import { randomUUID } from "node:crypto";
import { mkdtemp, chmod, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { eraseTables } from "#app/features/privacy/erase.server.ts";
import { RULES } from "#app/features/privacy/register.ts";
import { schedulePurge } from "#app/features/shops/purges.server.ts";
import { ensureShop } from "#app/features/shops/shops.server.ts";
import { forPlatform } from "#app/platform/db/db.ts";
import { addOrders } from "#tests/factories/shops.ts";
import { withPurging } from "#tests/faults/purging.ts";
import { startContestant } from "./contestant.ts";
import type { Benchmark, Goal } from "./harness.ts";
import { load, type Load } from "./load.ts";
import { orderBody, requests } from "./webhook-ingest.ts";
