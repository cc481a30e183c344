import { join } from 'node:path';

/** The key of the command line on this machine. */
export function commandLineKeyFileOf(home: string): string {
  return join(home, 'run', 'cli-key');
}

/** What the sessions of the console are sealed with. */
export function sessionSecretFileOf(home: string): string {
  return join(home, 'run', 'session-secret');
}
