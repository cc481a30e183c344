/** What a worker says goes through here; a text is a line without its end. */
export type WorkerLog = (line: string) => void;

/** A log of the host's that throws must not stop the worker. */
export function harmlessLog(log: WorkerLog | false | undefined): WorkerLog {
  if (log === false) return () => undefined;
  const write =
    log ??
    ((line: string): void => {
      process.stderr.write(`${line}\n`);
    });
  return (line) => {
    try {
      write(line);
    } catch {
      // There is no one left to tell.
    }
  };
}
