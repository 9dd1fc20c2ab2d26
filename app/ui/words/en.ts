// Every word a person reads, one file an area. A translation is another file of the same type.
import { shell } from "#app/ui/words/en/shell.ts";

export const en = { shell };
export type Words = typeof en;
