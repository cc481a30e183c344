import { describe, expect, test } from '@jest/globals';
import { reportOf, type Rule } from '../rule.js';
import { treeOf } from '../tree.js';
import { exemptionsArgued, noDeadComments, noDebugging, noReminders, noSilencedTests } from './leftovers.js';

const source = 'apps/gateway/src/main.ts';
const spec = 'apps/gateway/src/main.spec.ts';
const check = (rule: Rule, text: string, path = source) => reportOf(rule, treeOf({ [path]: text }));

describe('leftovers', () => {
  test.each(['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'])('a reminder %s is found', (word) => {
    expect(check(noReminders, `\n// ${word}: later`)).toEqual([`${source}:2 ${word}: do it, or open an issue`]);
    expect(check(noReminders, `- ${word} write this`, 'docs/start.md')).toHaveLength(1);
  });

  test.each(["console.log('here');", 'console.debug(value);', 'debugger;'])('%s is found', (text) => {
    expect(check(noDebugging, `run();\n${text}`)[0]).toContain(`${source}:2`);
  });

  test('the word console in a string is no print', () => {
    expect(check(noDebugging, "const text = 'console.log(1)';")).toEqual([]);
  });
});

describe('silenced tests', () => {
  test.each(["test.only('a', f);", "describe.only('a', f);", "fit('a', f);"])('%s is found', (text) => {
    expect(check(noSilencedTests, text, spec)[0]).toContain('silences the other tests');
  });

  test.each(["test.skip('a', f);", "xit('a', f);", "test.todo('a');", "(onLinux ? test : test.skip)('a', f);"])(
    '%s needs a reason',
    (text) => {
      expect(check(noSilencedTests, text, spec)[0]).toContain('without a reason');
      expect(check(noSilencedTests, `// Only Linux tells which process listens.\n${text}`, spec)).toEqual([]);
    },
  );
});

describe('commented-out code', () => {
  test.each(['// const answer = 42;', '// return answer;', '// publish(event);', '// if (late) {', '// }', '// this.count = 1;'])(
    '%s is found',
    (text) => {
      expect(check(noDeadComments, `run();\n  ${text}\nrun();`)).toHaveLength(1);
    },
  );

  test.each([
    '// Two units become four bytes: the second one adds nothing.',
    '// eslint-disable-next-line no-eval -- the reason',
    '// `x = 1` is set here',
  ])('%s is a comment', (text) => {
    expect(check(noDeadComments, text)).toEqual([]);
  });

  test('a URL in a string is no comment', () => {
    expect(check(noDeadComments, "const page = 'https://example.com/const a = 1;';")).toEqual([]);
  });
});

describe('exemptions', () => {
  test.each(['// eslint-disable-next-line no-console', '// @ts-expect-error', '/* eslint-disable max-lines */'])(
    '%s gives no reason',
    (text) => {
      expect(check(exemptionsArgued, text)).toHaveLength(1);
    },
  );

  test.each(['// eslint-disable-next-line no-console -- a usage text', '// @ts-expect-error: the types lag behind'])(
    '%s gives one',
    (text) => {
      expect(check(exemptionsArgued, text)).toEqual([]);
    },
  );
});
