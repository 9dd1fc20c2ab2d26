/** What verification can find, and what it means to whoever looks into it. */
export const FAULTS = {
  altered: "the entry, or the one before it, is not what was hashed",
  missing: "an entry is missing here",
  repeated: "there are two entries in this place",
  detail: "the sealed detail is not the one that was hashed",
  end: "the chain does not end where its signed head says",
  signature: "the head's signature is not ours",
  checkpoint: "the chain does not hold what the checkpoint outside this database says",
  removal: "entries were removed without a genuine checkpoint in the platform's chain",
  gone: "there is no chain, and no checkpoint that closed one",
} as const;
export type Fault = keyof typeof FAULTS;

/** The first entry of a chain that is not as it should be. */
export type Broken = { seq: number; fault: Fault };
