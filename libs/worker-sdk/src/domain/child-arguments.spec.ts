import { expect, test } from '@jest/globals';
import { childArguments } from './child-arguments.js';

test.each([
  [
    ['--import', 'file:///loader.mjs', '--enable-source-maps'],
    ['--import', 'file:///loader.mjs', '--enable-source-maps'],
  ],
  [['--inspect-brk=9229', '--max-old-space-size=64'], ['--max-old-space-size=64']],
  [['--input-type=module', '-e', 'console.log(1)'], []],
  [
    ['--inspect-port', '0', '--watch-path', './src', '--inspect', '--import', 'file:///loader.mjs'],
    ['--import', 'file:///loader.mjs'],
  ],
  [
    ['--inspect-port=0', '--env-file', '.env', '--eval=console.log(1)', '--print=1'],
    ['--env-file', '.env'],
  ],
  [['--watch', '--watch-path=src', '--test'], []],
])('of %j a process of a handler gets %j', (given, kept) => expect(childArguments(given)).toEqual(kept));
