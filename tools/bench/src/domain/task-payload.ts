/** What every task of the benchmark carries: about 100 bytes of JSON, the same for all systems. */
export interface TaskPayload {
  /** Numbered through from 0 within a run. */
  n: number;
  /** When it was submitted, on the machine's monotonic clock, which all processes share. */
  sent_ms: number;
  to: string;
  text: string;
}

export function payloadOf(n: number, sentMs: number): TaskPayload {
  return { n, sent_ms: sentMs, to: `user${n}@example.com`, text: 'A message of a usual length.' };
}

/** What a task is for. A lane is a job type, a queue or a task identifier, as the system has it. */
export const lanes = {
  /** Handlers that do nothing. */
  noop: 'bench.noop',
  /** Handlers that hold their task until their process ends, unless it is there to take over. */
  hold: 'bench.hold',
  /** Handlers that do nothing, of a worker of its own. */
  fine: 'bench.fine',
  /** Handlers of which every tenth task fails in its first run. */
  flaky: 'bench.flaky',
  /** Handlers that fail in every run. */
  fail: 'bench.fail',
  /** Handlers that do nothing and are only counted, of tasks that wait by the million. */
  backlog: 'bench.backlog',
  /** The same in a hundred layers, each of which waits for the one before. */
  layered: 'bench.backlog',
  /** Handlers that do nothing, of the highest priority. */
  urgent: 'bench.urgent',
  /** Handlers that take 20 ms, and are only counted. */
  slow: 'bench.slow',
  /** The same for another user. */
  guest: 'bench.slow',
} as const;

export type Lane = keyof typeof lanes;
