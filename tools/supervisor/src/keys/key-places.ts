import { join } from 'node:path';

/** The key of the command line on this machine. */
export function commandLineKeyFileOf(home: string): string {
  return join(home, 'run', 'cli-key');
}
