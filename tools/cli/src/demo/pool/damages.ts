import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** A slot that is damaged, and the place outside of the pool that the damage may lead to. */
export interface Victim {
  path: string;
  outside: string;
}

export interface Damage {
  /** What is done to the slot, in a line. */
  what: string;
  /** How it is expected to end. */
  ends: 'healed' | 'isolated';
  harm: (victim: Victim) => void;
}

const twoDaysMs = 48 * 3_600_000;

/** A program that leaves a file behind if anybody runs it. */
export const canaryOf = ({ outside }: Pick<Victim, 'outside'>): string => join(outside, 'it-was-run');

/** Six ways in which working copies break. */
export const damages: readonly Damage[] = [
  {
    what: 'HEAD is overwritten with garbage',
    ends: 'healed',
    harm: ({ path }) => writeFileSync(join(path, '.git', 'HEAD'), '\0\0garbage'),
  },
  { what: 'one byte of the pack of its objects is flipped', ends: 'healed', harm: ({ path }) => flipByteOfPack(path) },
  { what: 'its folder is deleted', ends: 'healed', harm: ({ path }) => rmSync(path, { recursive: true }) },
  { what: 'git was killed, and has left its index.lock', ends: 'healed', harm: ({ path }) => leaveLock(path) },
  { what: 'its configuration and a hook name a program to run', ends: 'healed', harm: plantProgram },
  { what: 'its folder is a link that leads out of the pool', ends: 'isolated', harm: linkOut },
];

function flipByteOfPack(path: string): void {
  const packs = join(path, '.git', 'objects', 'pack');
  const pack = join(packs, readdirSync(packs).find((name) => name.endsWith('.pack')) as string);
  const bytes = readFileSync(pack);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] as number) ^ 0x01;
  chmodSync(pack, 0o644);
  writeFileSync(pack, bytes);
}

function leaveLock(path: string): void {
  const lock = join(path, '.git', 'index.lock');
  writeFileSync(lock, '');
  const then = new Date(Date.now() - twoDaysMs);
  utimesSync(lock, then, then);
}

function plantProgram(victim: Victim): void {
  const { path, outside } = victim;
  mkdirSync(outside, { recursive: true });
  const program = join(outside, 'program.sh');
  writeFileSync(program, `#!/bin/sh\ntouch '${canaryOf(victim)}'\n`, { mode: 0o755 });
  appendFileSync(join(path, '.git', 'config'), `[core]\n\tfsmonitor = ${program}\n\tsshCommand = ${program}\n`);
  const hooks = join(path, '.git', 'hooks');
  mkdirSync(hooks, { recursive: true });
  writeFileSync(join(hooks, 'post-checkout'), readFileSync(program), { mode: 0o755 });
}

function linkOut({ path, outside }: Victim): void {
  mkdirSync(outside, { recursive: true });
  const elsewhere = join(outside, 'somebody-elses');
  renameSync(path, elsewhere);
  symlinkSync(elsewhere, path);
}
