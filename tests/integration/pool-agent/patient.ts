import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FindingKind, Rung } from '../../../apps/pool-agent/src/inspection/domain/finding.js';
import { git } from './repository.js';

/** A slot to be broken, and what lies around it. */
export interface Patient {
  path: string;
  gitDir: string;
  /** A file that is there once anything of the slot was executed. */
  canary: string;
  /** A folder outside the pool. */
  outside: string;
}

export interface CorruptionCase {
  /** Begins with its number in docs/pool.md, where it has one. */
  name: string;
  harm: (patient: Patient) => void;
  /** What the detector says first; null where it is none of its business. */
  finds: FindingKind | null;
  /** Repairs in order. */
  rungs: Rung[];
  end?: 'recovered' | 'healthy' | 'isolated';
}

export const one = (folder: string, pattern: RegExp): string => {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .sort()[0];
  if (found === undefined) throw new Error(`${folder} has nothing like ${pattern}`);
  return join(folder, found);
};
export const pack = ({ gitDir }: Patient, kind = 'pack'): string =>
  one(join(gitDir, 'objects', 'pack'), new RegExp(`\\.${kind}$`));
export const put = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  writeFileSync(path, text);
};
export const setByte = (path: string, at: number): void => {
  const bytes = readFileSync(path);
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] = (bytes[index] as number) ^ 0xff;
  chmodSync(path, 0o644);
  writeFileSync(path, bytes);
};
/** Every object in a file of its own; gives the path of that of an expression such as `HEAD:README`. */
export const unpacked = (patient: Patient, expression: string): string => {
  const { gitDir, path } = patient;
  const packed = readFileSync(pack(patient));
  rmSync(join(gitDir, 'objects', 'pack'), { recursive: true });
  mkdirSync(join(gitDir, 'objects', 'pack'));
  execFileSync('git', ['unpack-objects', '-q'], { cwd: path, input: packed });
  const oid = git(path, 'rev-parse', expression).trim();
  const file = join(gitDir, 'objects', oid.slice(0, 2), oid.slice(2));
  chmodSync(file, 0o644);
  return file;
};
export const old = (path: string): void => utimesSync(path, 1_500_000_000, 1_500_000_000);
export const oldFile = (path: string): void => {
  put(path, '');
  old(path);
};
export const commitOf = ({ path }: Patient): string => git(path, 'rev-parse', 'HEAD').trim();
export const payload = (canary: string): string => `#!/bin/sh\ntouch ${canary}\n`;
export const script = ({ outside, canary }: Patient): string => {
  const path = join(outside, 'payload.sh');
  writeFileSync(path, payload(canary), { mode: 0o755 });
  return path;
};
