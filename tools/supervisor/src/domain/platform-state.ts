/** What `<home>/run/state.json` tells `status`, `down` and a later `up` about a platform. */
export interface PlatformState {
  version: 1;
  status: 'starting' | 'ready' | 'stopping';
  home: string;
  supervisor: ProcessIdentity;
  started_at: string;
  ready_at: string | null;
  urls: PlatformUrls;
  auth: 'on' | 'off';
  processes: ProcessState[];
}

/** Where each door of the platform is. */
export interface PlatformUrls {
  api: string;
  nats: string;
  mongo: string;
  /** What watches it, where that was asked for. */
  prometheus?: string;
  alertmanager?: string;
}

/** A process that can't be mistaken for a later one that was given the same pid. */
export interface ProcessIdentity {
  pid: number;
  /** When the system started it, in the system's own terms; compared, never read. */
  start_token: string;
}

export interface ProcessState {
  name: string;
  /** null while it is down. */
  process: ProcessIdentity | null;
  started_at: string | null;
  restarts: number;
  /** How it ended last, such as `exit code 1` or `signal SIGKILL`. */
  last_exit: string | null;
  log: string;
  /** Where it answers for itself: /metrics, /health/live and /health/ready; null for a program that has no such port. */
  ops: string | null;
}

/** Whether a value read from a file says which process is meant. */
export function isProcessIdentity(value: unknown): value is ProcessIdentity {
  const { pid, start_token } = fieldsOf(value);
  return Number.isSafeInteger(pid) && Number(pid) > 0 && typeof start_token === 'string' && start_token !== '';
}

/** Whether a value read from a file is the state of a platform, in all that is read of it. */
export function isPlatformState(value: unknown): value is PlatformState {
  const { version, status, home, supervisor, started_at, ready_at, urls, auth, processes } = fieldsOf(value);
  const { api, nats, mongo } = fieldsOf(urls);
  return (
    version === 1 &&
    ['starting', 'ready', 'stopping'].includes(status as string) &&
    areTexts(home, started_at, api, nats, mongo) &&
    (ready_at === null || areTexts(ready_at)) &&
    (auth === 'on' || auth === 'off') &&
    isProcessIdentity(supervisor) &&
    Array.isArray(processes) &&
    processes.every(isProcessState)
  );
}

function isProcessState(value: unknown): value is ProcessState {
  const { name, process, started_at, restarts, last_exit, log, ops } = fieldsOf(value);
  return (
    areTexts(name, log) &&
    (process === null || isProcessIdentity(process)) &&
    (started_at === null || areTexts(started_at)) &&
    Number.isSafeInteger(restarts) &&
    (last_exit === null || areTexts(last_exit)) &&
    (ops === null || areTexts(ops))
  );
}

function areTexts(...values: unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
