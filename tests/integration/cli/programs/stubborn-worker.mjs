// A worker that does not end when it is asked to.
process.on('SIGTERM', () => undefined);
setInterval(() => undefined, 1_000);
