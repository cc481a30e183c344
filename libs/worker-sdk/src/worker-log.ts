import { writeSync } from 'node:fs';

/** What a worker says goes through here; a text is a line without its end. */
export type WorkerLog = (line: string) => void;

const standardError = 2;

/**
 * A log of the host's that throws must not stop the worker. Nor must a full disk under standard error, which ends a process
 * that writes there by `process.stderr`.
 */
export function harmlessLog(log: WorkerLog | false | undefined): WorkerLog {
  if (log === false) return () => undefined;
  const write =
    log ??
    ((line: string): void => {
      writeSync(standardError, `${line}\n`);
    });
  return (line) => {
    try {
      write(line);
    } catch {
      // There is no one left to tell.
    }
  };
}
