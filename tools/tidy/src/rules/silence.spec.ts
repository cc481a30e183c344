import { describe, expect, test } from '@jest/globals';
import { reportOf } from '../rule.js';
import { treeOf } from '../tree.js';
import { exemptionsArgued, noSilencedTests } from './silence.js';

const tests = (text: string) => reportOf(noSilencedTests, treeOf({ 'apps/gateway/src/main.spec.ts': text }));
const code = (text: string) => reportOf(exemptionsArgued, treeOf({ 'apps/gateway/src/main.ts': text }));

describe('silenced tests', () => {
  test.each(["test.only('a', f);", "describe.only('a', f);", "fit('a', f);"])('%s is found', (text) => {
    expect(tests(text)[0]).toContain('silences the other tests');
  });

  test.each(["test.skip('a', f);", "xit('a', f);", "test.todo('a');", "(onLinux ? test : test.skip)('a', f);"])(
    '%s needs a reason',
    (text) => {
      expect(tests(text)[0]).toContain('without a reason');
      expect(tests(`// Only Linux tells which process listens.\n${text}`)).toEqual([]);
    },
  );
});

describe('what only looks like a silenced test', () => {
  test.each(["fit('text', 80);", 'const test = { only: 1 }; run(test);', "import { fit } from './text-width.js';"])(
    '%s passes',
    (text) => {
      expect(tests(text)).toEqual([]);
    },
  );
});

describe('exemptions', () => {
  test.each(['// eslint-disable-next-line no-console', '// @ts-expect-error', '/* eslint-disable max-lines */'])(
    '%s gives no reason',
    (text) => {
      expect(code(text)).toHaveLength(1);
    },
  );

  test.each(['// eslint-disable-next-line no-console -- a usage text', '// @ts-expect-error: the types lag behind'])(
    '%s gives one',
    (text) => {
      expect(code(text)).toEqual([]);
    },
  );
});
