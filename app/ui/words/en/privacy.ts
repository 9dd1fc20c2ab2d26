export const privacy = {
  title: "Privacy",
  tabs: {
    "/app/privacy": "Requests",
    "/app/privacy/data": "What we hold",
    "/app/audit": "Activity",
    "/app/trust": "Trust",
  },
};
