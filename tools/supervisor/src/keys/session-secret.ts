import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writePrivateFile } from '../process/state-file.js';
import { sessionSecretFileOf } from './key-places.js';

const secretBytes = 32;

/**
 * The file with what the sessions of the console are sealed with: kept over restarts, so that none of them signs anybody out, and
 * made where there is none. Only the owner of the home can read it.
 */
export function keepSessionSecret(home: string): string {
  const path = sessionSecretFileOf(home);
  if (!isKept(path)) writePrivateFile(path, `${randomBytes(secretBytes).toString('hex')}\n`);
  return path;
}

function isKept(path: string): boolean {
  try {
    return /^[0-9a-f]{64}$/.test(readFileSync(path, 'utf8').trim());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
