import type { DatabasePlace } from './databases/databases.js';
import type { PlatformSettings } from './settings/platform-settings.js';
import type { UnexpectedEnd } from './process/supervised-process.js';

export interface PlatformOptions {
  /** Folder of its data, logs and state. A temporary one, removed at the end, when left out. */
  home?: string;
  /** What is left out: free ports, no API keys, one worker of the newsletter example and not the built-in one. */
  settings?: Partial<PlatformSettings>;
  /** What every process gets beside what it is told here; this process's environment when left out. */
  environment?: Record<string, string | undefined>;
  /** What single processes get beside, by name, such as `worker-1`. */
  environmentOf?: Record<string, Record<string, string>>;
  /** false: what dies stays down until `start(name)`. */
  restart?: boolean;
  readyTimeoutMs?: number;
  /** Done once the servers run, before anything else is started. */
  onServers?: (place: DatabasePlace) => Promise<void>;
  onEvent?: (event: PlatformEvent) => void;
}

/** What there is to tell while a platform runs. */
export type PlatformEvent =
  | { kind: 'swept'; names: string[] }
  | { kind: 'admin_key'; key: string }
  | { kind: 'fetching'; what: string }
  | { kind: 'started'; name: string; afterMs: number }
  | { kind: 'migrated'; database: string; version: number }
  | { kind: 'ready'; afterMs: number }
  | { kind: 'waiting'; reason: string }
  | ({ kind: 'ended' } & UnexpectedEnd)
  | { kind: 'sick'; name: string; reason: string }
  | { kind: 'home_unwritable'; reason: string }
  | { kind: 'home_writable' }
  | { kind: 'logs_gone' }
  | { kind: 'stopping' };
