/** The jobs that erase. The others would change the shop beside, or sweep away what an erasure has to find by itself. */
export const erasing = (name: string) => /purge|request/.test(name);
