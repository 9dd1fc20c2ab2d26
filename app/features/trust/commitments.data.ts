import type { Commitment } from "#app/features/trust/commitments.ts";

const webhooks = "app/webhooks.test.ts";
const engine = "app/features/messages/engine.test.ts";
const contract = "tests/shopify-contract.test.ts";
const buyers = "app/features/privacy/buyers.test.ts";
const purges = "app/features/privacy/purge.test.ts";
const restores = "app/features/privacy/restore.test.ts";
const corrections = "app/features/privacy/buyers.correct.test.ts";
const suspects = "app/features/privacy/suspects.test.ts";
const wall = "tests/wall/wall.test.ts";
const register = "app/features/privacy/register.test.ts";
const checks = "app/features/trust/commitments.test.ts";
const addresses = "app/features/trust/evidence.change.test.ts";
const holdings = "tests/e2e/holdings.spec.ts";
const readers = "app/features/trust/evidence.server.test.ts";

/** D: what is held, how, how long, and what becomes of it. */
export const DATA = {
  D1: {
    state: "kept",
    code: ["app/features/privacy/register.ts", "app/connectors/shopify/access.ts"],
    tests: [
      [register, "has its table's name, and every column in a class"],
      [
        contract,
        "asks for no personal field without approval, and has approval for none it does not ask for",
      ],
      [contract, "%s makes a difference"],
      [holdings, "a shop that has nothing yet sees what would be held, and why"],
    ],
    evidence: ["register", "fields"],
  },
  D2: {
    state: "kept",
    code: [
      "app/platform/crypto/crypto.ts",
      "app/platform/crypto/keystore.ts",
      "app/features/vault/vault.server.ts",
    ],
    tests: [
      [register, "seals what is a person's, a mail's, a request's or a token"],
      [engine, "what is stored of the buyer and of the mail is sealed"],
      [
        "app/platform/crypto/crypto.test.ts",
        "with any one byte of it changed opens nowhere: each byte of 1,000",
      ],
      ["app/features/vault/vault.server.test.ts", "moved to another row, column, table or shop it does not"],
      [readers, "tells a value that lies open from one that is sealed"],
      [
        restores,
        "a backup from before an erasure brings nothing back, sends nothing twice, and leaves the others as they were",
      ],
    ],
    evidence: ["encryption"],
  },
  D3: {
    state: "kept",
    code: ["app/platform/tls.ts", "app/platform/db/transport.ts", "app/platform/http/guards.ts"],
    tests: [
      ["app/platform/tls.test.ts", "refuses a server that speaks TLS 1.1 only"],
      ["app/platform/http/http.test.ts", "are refused over plain HTTP unless the host is this machine"],
      ["app/platform/env.test.ts", "refuses %s = %s, which development takes"],
      [addresses, "production takes https alone, however it is spelt"],
      [
        addresses,
        "over a plain http address encryption and the reporters' file are not set up, and the page says why",
      ],
    ],
    evidence: ["address", "databaseConnection"],
  },
  D4: {
    state: "kept",
    code: ["app/features/shops/sessions.server.ts", "app/features/shops/tokens.server.ts"],
    tests: [
      [register, "seals what is a person's, a mail's, a request's or a token"],
      [readers, "tells a token that lies open from one that is sealed"],
      ["app/connectors/shopify/tokens.test.ts", "gives its secrets to no other host"],
      [readers, "an evidence pack can be checked by whoever has it, and holds no buyer and no secret"],
    ],
    evidence: ["tokens"],
  },
  D5: {
    state: "kept",
    code: [
      "app/features/privacy/retention.ts",
      "app/features/privacy/sweep.server.ts",
      "app/features/privacy/expired.server.ts",
      "app/routes/app.privacy.data.tsx",
    ],
    tests: [
      [
        "app/features/privacy/sweep.test.ts",
        "a buyer goes when the order's last event is old enough, and stays while something waits to be sent",
      ],
      [
        "app/features/privacy/sweep.test.ts",
        "a marketplace's buyer goes 30 days after delivery, whatever was chosen for the others",
      ],
      [
        "app/features/privacy/sweep.test.ts",
        "mails are cleared, orders deleted with all that is theirs, and the receipt says how many",
      ],
      [readers, "tells how long the shop chose to keep each class, and what is still there long after"],
      [
        holdings,
        "times are chosen within bounds; what shortening one erases is told first, and a receipt after",
      ],
    ],
    evidence: ["sweep", "oldest"],
  },
  D6: {
    state: "kept",
    code: [
      "app/features/shops/uninstall.server.ts",
      "app/features/privacy/purge.server.ts",
      "app/features/privacy/purge.end.server.ts",
      "app/features/privacy/purge.ask.server.ts",
      "app/features/privacy/erase.server.ts",
      "app/features/privacy/watch.server.ts",
      "app/features/privacy/purge.drill.server.ts",
    ],
    tests: [
      [webhooks, "takes tokens, sending and what waited away at once, and records the request"],
      [purges, "is purged after its grace: no row, no key and no webhook is left, and a receipt says so"],
      [suspects, "a purge that is late is told of at 36 and at 47 hours, once each"],
      [
        "tests/faults/killed-purge.test.ts",
        "a purge killed at every step and amid its tables comes to its end: nothing is left, and each row was counted once",
      ],
      [
        "tests/markers/proof.ts",
        "after it there are none: not in a table, a key, a job, a log line or a file",
      ],
      [
        "app/features/privacy/purge.drill.test.ts",
        "erases a row in every table a shop has rows in, leaves a signed receipt, and no other shop is touched",
      ],
    ],
    evidence: ["purge"],
  },
  D7: {
    state: "kept",
    code: [
      "app/features/privacy/requests.server.ts",
      "app/features/privacy/buyers.export.server.ts",
      "app/features/privacy/buyers.erase.server.ts",
      "app/features/privacy/shop-redact.server.ts",
    ],
    tests: [
      [
        buyers,
        "becomes an export of everything held on that buyer, and of nobody else; the merchant is told and takes it",
      ],
      [
        buyers,
        "erases the buyer everywhere; what was sent stays on record without them; nothing brings them back",
      ],
      [buyers, "the same request ten times at once is one"],
      [purges, "after the purge is a second pass with a receipt of its own"],
      [purges, "of a shop nobody knows leaves a receipt of nothing"],
      [readers, "a request past its deadline is not as promised"],
      [webhooks, "counts however its body looks, and then asks for a person"],
    ],
    evidence: ["requests"],
  },
  D8: { state: "not_offered", waitsFor: "marketplaces" },
  D9: { state: "not_offered", waitsFor: "analytics" },
  D10: {
    state: "kept",
    code: [
      "app/features/privacy/buyers.server.ts",
      "app/features/privacy/buyers.correct.server.ts",
      "app/features/privacy/buyers.export.server.ts",
      "app/routes/app.privacy.buyer.$order.tsx",
    ],
    tests: [
      [corrections, "a correction holds on every order of the buyer; what waits leaves with it"],
      [corrections, "it stays when Shopify repeats what it said before, and yields to what is new"],
      ["tests/e2e/privacy.spec.ts", "a merchant finds a customer, puts their name right and erases them"],
      [
        "tests/e2e/privacy.spec.ts",
        "what a customer asks through Shopify is answered, read and handed over; then they are erased",
      ],
    ],
    evidence: ["requests"],
  },
  D11: {
    state: "kept",
    code: [
      "app/platform/journal.ts",
      "app/features/privacy/backup.server.ts",
      "app/features/privacy/restore.server.ts",
      "app/features/privacy/drill.server.ts",
    ],
    tests: [
      [
        restores,
        "a backup from before an erasure brings nothing back, sends nothing twice, and leaves the others as they were",
      ],
      [restores, "backups past their time are deleted, keys sooner, and nothing else in the folder"],
      [restores, "a rehearsed restore leaves a receipt and nothing else"],
      [
        restores,
        "a backup of another environment, or of another schema, is refused, and the database stays empty",
      ],
      [readers, "calls what has not happened yet by that name"],
    ],
    evidence: ["backups"],
  },
  D12: {
    state: "kept",
    code: ["app/connectors/shopify/access.ts", "shopify.app.toml"],
    tests: [
      [contract, "are all that is read"],
      [checks, "no field about payment cards is asked for"],
    ],
    evidence: ["fields"],
  },
  D13: {
    state: "kept",
    code: ["app/features/trust/suppliers.server.ts", "app/features/templates/templates.ts"],
    tests: [
      ["app/features/templates/starters.test.ts", "none of them sells anything"],
      [checks, "whoever gets a buyer's data is on the list of sub-processors"],
      [contract, "%s makes a difference"],
    ],
    evidence: ["suppliers", "purposes"],
  },
  D14: {
    state: "kept",
    code: ["app/platform/env.ts", "app/routes/privacy.tsx"],
    tests: [
      [addresses, "the region is told as it was named"],
      [readers, "says so where nobody has named the region"],
    ],
    evidence: ["region"],
  },
  D15: {
    state: "kept",
    code: ["app/platform/db/db.ts", "app/platform/db/transport.ts", "app/platform/db/embedded.ts"],
    tests: [
      ["app/platform/env.test.ts", "refuses %s = %s, which development takes"],
      [readers, "knows a private address from a public one"],
      ["app/platform/db/embedded.test.ts", "a plain role owns both databases, and the password is private"],
      [wall, "is walled in, also against its owner, by exactly the two policies"],
      [wall, "may not start the app: superuser"],
    ],
    evidence: ["databaseConnection", "databaseWall", "databaseRole"],
  },
  D16: {
    state: "kept",
    code: [
      "app/features/messages/intake.server.ts",
      "app/connectors/shopify/access.ts",
      "app/features/triggers/access.server.ts",
    ],
    tests: [
      [engine, "while nothing is switched on, nobody is kept of an order"],
      [contract, "are enough with the optional ones for what is asked where they are granted"],
      [
        "app/connectors/shopify/source.test.ts",
        "does without customers where they are not granted, and says so",
      ],
    ],
    evidence: ["scopes"],
  },
} as const satisfies Record<`D${number}`, Commitment>;
