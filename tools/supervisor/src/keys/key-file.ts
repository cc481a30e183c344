import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { makeApiKey } from '@kintsugi/client';
import { apiKeyListSchema, apiKeySchema, type ApiKeyRecord, type Role } from '@kintsugi/contracts';
import { writePrivateFile } from '../process/state-file.js';
import { KeyError } from './key-error.js';
import { commandLineKeyFileOf, keyFileOf } from './key-places.js';

const secretBytes = 32;
const commandLineId = 'cli';
const firstAdminId = 'admin';

export interface PreparedKeys {
  keyFile: string;
  /** The key of the command line on this machine. */
  commandLineKey: string;
  /** The admin key, at the first start only: it is kept nowhere. */
  adminKey: string | null;
}

/** Makes sure that a home has keys: an admin's, told once, and one for the command line, which only its owner can read. */
export async function prepareKeys(home: string): Promise<PreparedKeys> {
  const keyFile = keyFileOf(home);
  const adminKey = existsSync(keyFile) ? null : await createKey(home, { id: firstAdminId, role: 'admin' });
  return { keyFile, adminKey, commandLineKey: readCommandLineKey(home) ?? (await renewCommandLineKey(home)) };
}

/** Adds a key and returns it; the file keeps its hash only. */
export async function createKey(home: string, about: { id: string; role: Role }): Promise<string> {
  if (!apiKeySchema.shape.id.safeParse(about.id).success) {
    throw new KeyError(`${about.id} cannot name a key: use lower-case letters, digits and dashes, at most 32.`);
  }
  const { key, record } = await makeApiKey(about, randomBytes(secretBytes));
  const records = readRecords(home);
  const isTaken = records.some(({ id }) => id === about.id);
  if (isTaken) throw new KeyError(`A key called ${about.id} exists already. Choose another name.`);
  writeRecords(home, [...records, record]);
  return key;
}

/** The key of the command line, as long as the key file still knows it. */
function readCommandLineKey(home: string): string | null {
  try {
    const key = readFileSync(commandLineKeyFileOf(home), 'utf8').trim();
    return readRecords(home).some(({ sha256 }) => sha256 === hashOf(key)) ? key : null;
  } catch {
    return null;
  }
}

async function renewCommandLineKey(home: string): Promise<string> {
  const { key, record } = await makeApiKey({ id: commandLineId, role: 'admin' }, randomBytes(secretBytes));
  writeRecords(home, [...readRecords(home).filter(({ id }) => id !== commandLineId), record]);
  writePrivateFile(commandLineKeyFileOf(home), `${key}\n`);
  return key;
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function readRecords(home: string): ApiKeyRecord[] {
  const path = keyFileOf(home);
  if (!existsSync(path)) return [];
  try {
    return apiKeyListSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw new KeyError(`${path} does not hold a list of API keys. Mend it, or delete it to have new keys made.`);
  }
}

function writeRecords(home: string, records: ApiKeyRecord[]): void {
  writePrivateFile(keyFileOf(home), `${JSON.stringify(records, null, 2)}\n`);
}
