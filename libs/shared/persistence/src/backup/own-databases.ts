import type { Store } from '../store.js';

/** One a service, and the keys. Another installation may have a prefix that begins with this one. */
const suffixes = ['jobs', 'recovery', 'metrics', 'access'];

/** The databases of an installation that are there. */
export async function ownDatabases({ client }: Store, prefix: string): Promise<string[]> {
  const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
  return databases.map(({ name }) => name).filter((name) => isOwn(name, prefix));
}

/** Whether a database is one of the installation with that prefix. */
export function isOwn(database: string, prefix: string): boolean {
  return suffixes.some((suffix) => database === `${prefix}_${suffix}`);
}
