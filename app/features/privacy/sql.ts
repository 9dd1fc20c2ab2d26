// Names of the register as the database spells them.

/** The column behind a field of Prisma's. */
export function columnName(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The same, to be put into a statement. */
export function columnOf(field: string): string {
  return `"${columnName(field)}"`;
}
