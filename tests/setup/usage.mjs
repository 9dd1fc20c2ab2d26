// What `npm run demo -- --help` prints, before and without any set-up.
export const USAGE = `npm run demo [-- options]

  --once              plays the main job in a browser that nobody sees, prints each step, and ends
  --json              prints one line of JSON when ready, and keeps running
  --reset             throws the demo's data away and starts over
  --data FOLDER       where the data is kept (.data)
  --port N            first of five ports: admin, app, mailbox, web, worker (4300); 0 = any free ones
  --admin-port, --app-port, --mail-port, --web-port, --worker-port, --database-port N
  --help
`;
