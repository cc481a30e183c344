import type { KeySource } from './key-directory.js';

/** A source of keys that has to be closed. */
export interface OpenedKeys {
  source: KeySource;
  /** Rejects while the source does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
