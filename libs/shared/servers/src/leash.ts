import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { GuardianOrder } from './guardian.js';

/** From SIGTERM to SIGKILL for what a dead holder leaves behind. */
const graceMs = 7_000;
/** A guardian that ends sooner than this is not started again: something keeps it from living. */
const guardianLifeMsMin = 1_000;
const markVariable = 'KINTSUGI_LEASH';

let guardian: ChildProcess | undefined;
const mark = randomUUID();
const held = new Set<number>();
const heldFolders = new Set<string>();

/**
 * Starts a child that ends when this process ends, however it ends, SIGKILL included: a guardian process sends it
 * SIGTERM, and SIGKILL seven seconds later. The child leads a process group of its own, so a Ctrl-C reaches only this
 * process, which can then stop its children in order.
 */
export function spawnLeashed(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  guardian ??= startGuardian();
  const child = spawn(command, [...args], {
    ...options,
    detached: true,
    env: { ...(options.env ?? process.env), [markVariable]: mark },
  });
  const { pid } = child;
  if (pid !== undefined) {
    held.add(pid);
    tell({ hold: pid });
    child.once('exit', () => {
      held.delete(pid);
      tell({ release: pid });
      dismissWhenIdle();
    });
  }
  return child;
}

/** Has a folder removed when this process ends, however it ends, after its leashed children are gone. */
export function leashFolder(path: string): void {
  guardian ??= startGuardian();
  heldFolders.add(path);
  tell({ hold_folder: path });
}

/** Takes a folder off the leash: it was removed in order, or is to stay. */
export function releaseFolder(path: string): void {
  if (!heldFolders.delete(path)) return;
  tell({ release_folder: path });
  dismissWhenIdle();
}

function startGuardian(): ChildProcess {
  const script = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './guardian.ts' : './guardian.js', import.meta.url));
  const startedAt = Date.now();
  const started = spawn(process.execPath, ['--max-old-space-size=16', script, `${markVariable}=${mark}`, String(graceMs)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    env: {},
  });
  // Neither the guardian nor the line to it keeps this process alive.
  started.unref();
  (started.stdin as unknown as { unref(): void } | null)?.unref();
  started.stdin?.on('error', () => undefined);
  started.on('error', () => undefined);
  started.once('exit', () => {
    if (guardian !== started) return;
    guardian = undefined;
    if (Date.now() - startedAt >= guardianLifeMsMin) replaceGuardian();
  });
  return started;
}

function replaceGuardian(): void {
  guardian = startGuardian();
  for (const pid of held) tell({ hold: pid });
  for (const path of heldFolders) tell({ hold_folder: path });
}

function tell(order: GuardianOrder): void {
  guardian?.stdin?.write(`${JSON.stringify(order)}\n`);
}

function dismissWhenIdle(): void {
  if (held.size > 0 || heldFolders.size > 0) return;
  tell({ farewell: true });
  guardian = undefined;
}
