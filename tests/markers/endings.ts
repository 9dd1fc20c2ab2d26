/** The jobs that erase. The others would change the shop beside, or sweep away what an erasure has to find by itself. */
export const erasing = (name: string) => /purge|request/.test(name);

/** Who must not be written to stays known by a hash of its own, until the shop goes. */
export const OPT_OUT = ["suppressions.recipient_index keyed hash"];
