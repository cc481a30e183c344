import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { homeCredentialsSchema, homeFiles, type HomeCredentials } from '@kintsugi/contracts';
import { HomeFileError, writePrivateFile } from '../process/state-file.js';

/** What the servers of a home ask of whoever comes. */
export interface ServerCredentials {
  nats: { user: string; password: string };
  mongo: { user: string; password: string; key: string };
  /** Of the ops ports. */
  ops: { token: string };
}

const user = 'kintsugi';
const passwordBytes = 24;
const keyBytes = 48;

/** Those that the home has: they stay, so that a worker that was started elsewhere comes back after a restart. Others are new. */
export function prepareCredentials(home: string): ServerCredentials {
  const kept = readCredentials(home);
  return {
    nats: { user, password: passwordIn(kept?.nats_url) ?? newPassword() },
    mongo: {
      user,
      password: passwordIn(kept?.mongo_url) ?? newPassword(),
      key: kept?.mongo_key ?? randomBytes(keyBytes).toString('base64'),
    },
    ops: { token: kept?.ops_token ?? newPassword() },
  };
}

/** Keeps how to get in where only the owner of the home can read it, or nothing. */
export function writeCredentials(home: string, credentials: HomeCredentials | null): void {
  const path = join(home, homeFiles.credentials);
  if (credentials) writePrivateFile(path, `${JSON.stringify(credentials, null, 2)}\n`);
  else rmSync(path, { force: true });
}

/** What the ops ports of a home ask of whoever reads metrics; null where they ask nothing, or not of this user. */
export function opsTokenOf(home: string): string | null {
  try {
    return readCredentials(home)?.ops_token ?? null;
  } catch (error) {
    if (error instanceof HomeFileError) return null;
    throw error;
  }
}

/** Null where a home has none. */
export function readCredentials(home: string): HomeCredentials | null {
  const path = join(home, homeFiles.credentials);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new HomeFileError(path, `cannot be read (${(error as NodeJS.ErrnoException).code})`, 'Make it readable for this user.');
  }
  try {
    return homeCredentialsSchema.parse(JSON.parse(text));
  } catch {
    const advice = 'Delete it to have new ones made; workers that run elsewhere then need a restart.';
    throw new HomeFileError(path, 'does not hold the credentials of servers', advice);
  }
}

function passwordIn(url: string | null | undefined): string | undefined {
  return url ? new URL(url).password || undefined : undefined;
}

function newPassword(): string {
  return randomBytes(passwordBytes).toString('hex');
}
