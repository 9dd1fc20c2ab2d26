/** Business time comes in as a parameter; this is where it starts. Leases alone use the database's time. */
export type Clock = () => Date;
export const systemClock: Clock = () => new Date();
