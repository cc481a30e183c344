import { describe, expect, test } from '@jest/globals';
import { reportOf } from '../rule.js';
import { treeOf } from '../tree.js';
import { noMachinePaths } from './machine-paths.js';

const check = (text: string, path = 'docs/start.md') => reportOf(noMachinePaths, treeOf({ [path]: text }));
const folder = (...parts: string[]) => `/${parts.join('/')}`;

describe('paths of one machine', () => {
  test.each([
    `cd ${folder('work', 'main')}`,
    `"${folder('tmp', 'spike')}"`,
    `(see ${folder('root')} )`,
    `'${folder('home', 'jo')}/x'`,
    `${folder('Users', 'jo')}`,
  ])('%s is found', (text) => {
    expect(check(`\n${text}`)[0]).toMatch(/^docs\/start\.md:2 .* is a path of one machine$/);
  });

  test('the lock file of a mirror is found', () => {
    expect(check('"resolved": "http://mirror.local/zod.tgz"', 'package-lock.json')).toHaveLength(1);
    expect(check('"resolved": "https://registry.npmjs.org/zod.tgz"', 'package-lock.json')).toEqual([]);
  });

  test.each(['https://example.com/work/1', './work/queue.ts', 'the slash in read/work is none', '${root}/tmp/x', '**/root/*'])(
    '%s passes',
    (text) => {
      expect(check(text)).toEqual([]);
    },
  );
});
