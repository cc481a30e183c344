import { createInterface } from 'node:readline/promises';
import type { Output } from './output.js';

/** Asks a person at the terminal; null where nobody is there to answer. */
export async function ask(question: string): Promise<string | null> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return null;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}

/** Whoever does away with many types how many. Where the answer is for a program, nobody is asked. */
export async function isTyped(total: number, warning: string, { json }: Pick<Output, 'json'>): Promise<boolean> {
  if (json) return false;
  return (await ask(`${warning} Type ${total} to go on: `)) === String(total);
}
