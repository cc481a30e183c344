import { describe, expect, test } from '@jest/globals';
import { reportOf, type Rule } from '../rule.js';
import { treeOf } from '../tree.js';
import { noDeadComments, noReminders } from './leftovers.js';

const source = 'apps/gateway/src/main.ts';
const check = (rule: Rule, text: string, path = source) => reportOf(rule, treeOf({ [path]: text }));

describe('leftovers', () => {
  test.each(['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'])('a reminder %s is found', (word) => {
    const page = 'docs/start.md';
    expect(check(noReminders, `\n- ${word} write this`, page)).toEqual([`${page}:2 ${word}: do it, or open an issue`]);
  });
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
