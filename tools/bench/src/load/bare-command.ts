import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The command that writes, as rules and bare spawns name it. */
export const logWriter = fileURLToPath(new URL('../process/log-writer-main.js', import.meta.url));

/** Starts a program as the worker does, with nothing around it. */
export function spawnBare(executable: string, args: readonly string[]): ChildProcess {
  return spawn(executable, [...args], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs a program to its end and gives its output away, as it comes. */
export async function runBare(
  executable: string,
  args: readonly string[],
  onOutput: (bytes: Buffer) => void = () => undefined,
): Promise<void> {
  const child = spawnBare(executable, args);
  child.stdout?.on('data', onOutput);
  child.stderr?.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${executable} ended with ${code}.`);
}
