import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';

const marker = 'KINTSUGI_CHAOS_MOUNTS';

/** Whether this process has mounts of its own, which end with it. */
export function hasPrivateMounts(): boolean {
  return process.env[marker] === '1';
}

/** Why this machine gives nobody like us mounts of their own; null where it does. */
export function refusalOfMounts(): string | null {
  const { status, error } = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()], { stdio: 'ignore' });
  if (status === 0) return null;
  return error ? 'the program unshare is missing' : 'a small disk can be mounted by root only';
}

/** Runs this same command with mounts of its own, and gives its exit code. */
export async function runWithPrivateMounts(): Promise<number> {
  const args = ['--mount', '--propagation', 'private', process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn('unshare', args, { stdio: 'inherit', env: { ...process.env, [marker]: '1' } });
  // The terminal signals both: this one waits for the other to end in order.
  const ignore = (): void => undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, ignore);
  const [code] = (await once(child, 'exit')) as [number | null];
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, ignore);
  return code ?? 1;
}
