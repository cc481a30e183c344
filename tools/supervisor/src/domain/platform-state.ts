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
}
