import type { Store } from '../store.js';

/** One step from a schema version to the next. */
export interface Migration {
  /** What it does, such as `times-as-dates`; the database remembers it. */
  name: string;
  /** Changes nothing that is changed already: it runs again over what a crash left half done. */
  up: (store: Store) => Promise<void>;
}

/** What a service expects of its database. The version is the number of its migrations: the first leads from 0 to 1. */
export interface DatabaseSchema {
  /** Suffix of the database, such as `jobs`. */
  database: string;
  migrations: readonly Migration[];
}
