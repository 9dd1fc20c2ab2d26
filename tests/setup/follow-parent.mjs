// Preload of the processes that the demo and the browser tests start: when whoever started them is gone, also by kill -9, they
// end as if told to. The channel to the parent closes by itself, whatever happens to it.
process.once("disconnect", () => {
  process.kill(process.pid, "SIGTERM");
  setTimeout(() => process.exit(1), 15_000).unref();
});
process.channel?.unref();
