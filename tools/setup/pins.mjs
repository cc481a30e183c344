import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './folders.mjs';

/** The versions of what is fetched, each in one place: here, in `.node-version`, and in `wheels/`. */
export const pins = {
  /** The Node.js that Kintsugi runs on where the machine's own is older than `nodeMin`. */
  node: readFileSync(join(root, '.node-version'), 'utf8').trim(),
  nodeMin: '24.9.0',
  natsServer: '2.15.1',
  natsServerMin: '2.11.0',
  mongod: '8.0.17',
  /** The release that is in the wheel. */
  mongodWheel: '6.0.5',
  mongodMin: '6.0.0',
};

/** Whether a version such as `v24.9.1` or `2.15.1` is a given one or newer. */
export function isAtLeast(version, minimum) {
  const numbers = (text) => text.replace(/^v/, '').split('.').map(Number.parseFloat);
  const [given, wanted] = [numbers(version), numbers(minimum)];
  for (let index = 0; index < wanted.length; index += 1) {
    const difference = (given[index] ?? 0) - wanted[index];
    if (Number.isNaN(difference)) return false;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
