import { basename } from 'node:path';

/** What Node.js calls its main thread, and so the kernel every program that it runs. */
const anyNodeProgram = 'MainThread';

/**
 * What a person knows a process by: its name, and for a program of Node.js also the script that it runs.
 * @param comm the name that the kernel has
 * @param commandLine its arguments as the kernel keeps them, each ended by a zero byte
 */
export function processName(comm: string, commandLine: string): string {
  const name = comm.trim();
  if (name !== anyNodeProgram) return name;
  const [program = '', ...args] = commandLine.split('\0');
  const script = args.find((arg) => /^[^-].*\.[cm]?[jt]s$/.test(arg));
  return [basename(program) || name, ...(script === undefined ? [] : [script])].join(' ');
}
