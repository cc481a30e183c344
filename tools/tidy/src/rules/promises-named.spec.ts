import { describe, expect, test } from '@jest/globals';
import { reportOf } from '../rule.js';
import { treeOf } from '../tree.js';
import { promisesNamed } from './promises-named.js';

const check = (text: string) => reportOf(promisesNamed, treeOf({ 'tests/system/a.sys-spec.ts': text }));

describe('promises are named', () => {
  test.each(["import { test } from '@jest/globals';\n", '/** Worker test. */\n', '// \n', '', '/** A worker dies and then */\n'])(
    '%j names no promise',
    (text) => {
      expect(check(text)).toHaveLength(1);
    },
  );

  test.each([
    '/** A job completes with exact counts. */\n',
    '// The tasks of a killed worker run elsewhere within five seconds; none is lost.\n',
    '/**\n * The tasks of a killed worker run elsewhere within five seconds.\n */\n',
  ])('%j names one', (text) => {
    expect(check(text)).toEqual([]);
  });
});
