export const holdings = {};
