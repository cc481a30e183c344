import { expect, test } from '@jest/globals';
import { GitFailure } from '../git/domain/git-failure.js';
import { unreadable } from './pools.js';

test('several lines of git become one sentence of the answer', () => {
  const failure = new GitFailure('refused', 'clone', "fatal: 'x' is no repository\nfatal: could not read.\n\nCheck it.", 128);
  expect(() => unreadable(failure)).toThrow(
    "git clone: fatal: 'x' is no repository fatal: could not read. Check it. Check the URL, and whether this host may read it without a password.",
  );
});
