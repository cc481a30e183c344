import { expect, test } from '@jest/globals';
import { childArguments } from './child-arguments.js';

test.each([
  [
    ['--import', 'file:///loader.mjs', '--enable-source-maps'],
    ['--import', 'file:///loader.mjs', '--enable-source-maps'],
  ],
  [['--inspect-brk=9229', '--max-old-space-size=64'], ['--max-old-space-size=64']],
  [['--input-type=module', '-e', 'console.log(1)'], []],
  [['--watch', '--watch-path=src', '--test'], []],
])('of %j a process of a handler gets %j', (given, kept) => expect(childArguments(given)).toEqual(kept));
