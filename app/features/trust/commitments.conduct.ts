import type { Commitment } from "#app/features/trust/commitments.ts";

const engine = "app/features/messages/engine.test.ts";
const model = "app/features/messages/releases.model.test.ts";
const reviews = "app/features/releases/review.server.test.ts";
const contract = "tests/shopify-contract.test.ts";
const checks = "app/features/trust/commitments.test.ts";
const addresses = "app/features/trust/evidence.change.test.ts";
const readers = "app/features/trust/evidence.server.test.ts";

/** M, A, S, I and O: what is sent, who may do what, how things change, what happens when something goes wrong. */
export const CONDUCT = {
  M1: {
    state: "kept",
    code: [
      "app/features/messages/plan.ts",
      "app/features/templates/templates.ts",
      "app/features/templates/policy.ts",
      "app/connectors/policies.ts",
    ],
    tests: [
      [
        "app/features/messages/plan.test.ts",
        "never two decisions for one trigger and channel, and nothing a hard stop forbids",
      ],
      [readers, "a message can't be about an order that is not the shop's"],
      [
        "app/features/templates/templates.test.ts",
        "a template serves one of the five purposes, and no other",
      ],
      ["app/features/templates/starters.test.ts", "none of them sells anything"],
      [engine, "what may never be sent is not sent; a name is nobody's offer"],
    ],
    evidence: ["purposes"],
  },
  M2: {
    state: "kept",
    code: ["app/features/releases/review.server.ts", "app/features/releases/releases.ts"],
    tests: [
      [model, "no sequence of actions sends what was not approved"],
      [reviews, "a draft is nothing to buyers before it was submitted and approved"],
      [reviews, "no edit of trigger or template changes what is live"],
      [reviews, "nobody who wrote it approves it: who submitted, who edited the trigger, who wrote the text"],
      ["tests/e2e/main-job.spec.ts", "from installing the app to the mail in the buyer's mailbox"],
    ],
    evidence: ["releases"],
  },
  M3: { state: "not_offered", waitsFor: "marketplaces" },
  M4: {
    state: "kept",
    code: ["app/features/messages/settle.server.ts", "app/features/messages/delivery.server.ts"],
    tests: [
      [engine, "paid order → planned → sent once → delivered, with a record of every step"],
      [engine, "an order without an address leaves a record that says so"],
      [reviews, "a stored release refuses to be changed, and altered all the same it does not go live"],
    ],
    evidence: ["messageRecords"],
  },
  M5: { state: "not_offered", waitsFor: "desk" },

  A1: { state: "not_offered", waitsFor: "support" },
  A2: { state: "not_offered", waitsFor: "support" },
  A3: { state: "not_offered", waitsFor: "support" },
  A4: {
    state: "kept",
    code: ["app/features/audit/append.server.ts", "app/features/audit/verify.server.ts"],
    tests: [
      [
        "app/features/audit/verify.server.test.ts",
        "tampering is always found, at the right place: 1,000 times",
      ],
      ["app/features/audit/chain.server.test.ts", "is there exactly if the change is"],
      [
        "app/features/audit/verify.all.server.test.ts",
        "a chain that was closed is sound; one that was removed without closing is found",
      ],
    ],
    evidence: ["auditTrail"],
  },
  A5: { state: "not_offered", waitsFor: "support" },
  A6: {
    state: "kept",
    code: ["app/connectors/shopify/access.ts", "shopify.app.toml"],
    tests: [
      [contract, "of shopify.app.toml are those with a reason"],
      [contract, "has a use for %s"],
    ],
    evidence: ["scopes"],
  },

  S1: {
    state: "kept",
    code: ["app/platform/env.ts", "app/platform/crypto/keyring.ts", "app/platform/crypto/rotate.ts"],
    tests: [
      ["app/platform/env.test.ts", "names every variable that is wrong, at once, and shows no value"],
      [
        "app/platform/crypto/rotate.test.ts",
        "brings every key under the newest, keeps each as it is, and retires the old id for good",
      ],
      [
        "tests/faults/killed-rotation.test.ts",
        "keys rotated under load and killed: every value opens, nothing lies under a retired key",
      ],
      ["tests/architecture.test.ts", "the environment is read in one file"],
    ],
    evidence: ["keyring"],
  },
  S2: {
    state: "kept",
    code: ["app/platform/env.ts", "app/platform/installation.ts", "app/features/privacy/restore.server.ts"],
    tests: [
      ["app/platform/env.test.ts", "refuses %s = %s, which development takes"],
      ["app/platform/installation.test.ts", "when it is %s's, by %s"],
      ["app/platform/installation.test.ts", "together with the key store of another installation"],
      [
        "app/platform/installation.test.ts",
        "as the key store of a fresh database of another environment, which stays unmarked",
      ],
      ["app/start.test.ts", "a start is refused with one sentence, and 78, with %s"],
      [
        "app/features/privacy/restore.test.ts",
        "a backup of another environment, or of another schema, is refused, and the database stays empty",
      ],
    ],
    evidence: ["environment"],
  },
  S3: {
    state: "kept",
    code: ["app/features/trust/dependencies.ts", "app/entry.dependencies.ts"],
    tests: [
      ["app/features/trust/dependencies.test.ts", "a planted advisory fails the check"],
      [
        "app/features/trust/dependencies.test.ts",
        "a service that can't be reached is unknown, and fails a release alone",
      ],
    ],
    evidence: ["dependencies"],
  },
  S4: {
    state: "kept",
    code: ["app/features/trust/suppliers.server.ts", "app/features/trust/records.server.ts"],
    tests: [
      [checks, "whoever gets a buyer's data is on the list of sub-processors"],
      [
        "app/features/trust/records.server.test.ts",
        "a change of suppliers is announced at least 30 days ahead",
      ],
      [
        readers,
        "a supplier that nobody announced speaks against the promise, one that was announced does not",
      ],
    ],
    evidence: ["suppliers", "supplierReview"],
  },
  S5: {
    state: "kept",
    code: [
      "app/features/audit/audit.server.ts",
      "app/features/releases/review.server.ts",
      "app/features/trust/configuration.server.ts",
    ],
    tests: [
      [
        "app/features/trust/records.server.test.ts",
        "a change of what the app is built on is noted once, with before and after, and reviewed by name",
      ],
      [
        readers,
        "a change of what the app is built on that nobody looked at for a month speaks against the promise",
      ],
      ["app/features/audit/chain.server.test.ts", "is there exactly if the change is"],
      [reviews, "every step of a release is told with what was before"],
      ["tests/e2e/audit.spec.ts", "what was done is told in sentences, narrowed, opened and taken along"],
    ],
    evidence: ["auditTrail", "configuration"],
  },
  S6: {
    state: "kept",
    code: ["app/platform/log.ts", "app/platform/errors.ts"],
    tests: [
      ["app/platform/queue/queue.test.ts", "keeps what a failure said out of the job table"],
      [
        "app/platform/inbox/inbox.test.ts",
        "is dead at once when the payload does not parse, with where but not what",
      ],
      ["app/connectors/email/resend.test.ts", "keeps addresses out of what it tells"],
      ["tests/markers/quiet.ts", "never holds %s"],
    ],
    evidence: ["logs"],
  },
  S7: { state: "not_offered", waitsFor: "incidents" },

  I1: { state: "not_offered", waitsFor: "incidents" },
  I2: { state: "not_offered", waitsFor: "incidents" },
  I3: { state: "not_offered", waitsFor: "incidents" },
  I4: { state: "not_offered", waitsFor: "incidents" },
  I5: { state: "not_offered", waitsFor: "incidents" },
  I6: {
    state: "kept",
    code: ["app/features/trust/records.server.ts"],
    tests: [[readers, "tells when each policy was last reviewed, and when a year has passed"]],
    evidence: ["policies"],
  },
  I7: {
    state: "kept",
    code: ["app/routes/[.]well-known.security[.]txt.tsx", "app/routes/security.tsx"],
    tests: [
      [
        "app/features/trust/security-txt.test.ts",
        "says all that RFC 9116 asks for, and never lasts longer than a year",
      ],
      ["tests/e2e/trust.spec.ts", "security.txt is where researchers look for it"],
      ["tests/e2e/trust.spec.ts", "${path} is there for everybody, without a login"],
      [
        addresses,
        "over a plain http address encryption and the reporters' file are not set up, and the page says why",
      ],
    ],
    evidence: ["securityContact"],
  },

  O1: { state: "attested" },
  O2: { state: "attested" },
  O3: { state: "attested" },
  O4: { state: "attested" },
} as const satisfies Record<`${"M" | "A" | "S" | "I" | "O"}${number}`, Commitment>;
