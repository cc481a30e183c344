import { join } from 'node:path';

/** The hashes of all keys of a home: what the gateway reads. */
export function keyFileOf(home: string): string {
  return join(home, 'keys.json');
}

/** The key of the command line on this machine. */
export function commandLineKeyFileOf(home: string): string {
  return join(home, 'run', 'cli-key');
}
