/** Jobs that would change the shop beside, or sweep away what an erasure has to find by itself. */
const OTHERS = ["reconcile", "check-domains", "retention", "sweep"];
export const untouchedByTime = (name: string) => !OTHERS.some((other) => name.includes(other));
