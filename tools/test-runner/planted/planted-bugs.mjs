import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { kinds } from '../read-arguments.mjs';
import { root } from '../../setup/folders.mjs';

const folder = join(root, 'tools', 'planted', 'bugs');

/** The bugs that tests must catch, one a file: the promise it breaks, the text it replaces, and the test that has to fail. */
export function plantedBugs(patterns = []) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .filter((name) => patterns.length === 0 || patterns.some((pattern) => name.includes(pattern)))
    .sort()
    .map((name) => ({ name, ...JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) }));
}

/** The source with the bug in it. Throws where the bug no longer fits the source or names no test. */
export function withBug({ find, replace, caught_by: test }, source) {
  const places = source.split(find).length - 1;
  if (places !== 1) throw new Error(`its text occurs ${places} times in the file, not once: bring the bug up to date`);
  if (find === replace) throw new Error('it changes nothing');
  if (!kinds.includes(test?.kind) || !test.file) throw new Error('it names no test that has to fail');
  return source.replace(find, () => replace);
}
