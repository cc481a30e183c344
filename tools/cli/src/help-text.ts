import { readFileSync } from 'node:fs';

/** The hand-written help of a command, from `tools/cli/help`. */
export function helpText(command: string): string {
  return readFileSync(new URL(`../help/${command}.txt`, import.meta.url), 'utf8');
}
