import { describe, expect, test } from '@jest/globals';
import { maskValues } from './mask-values.js';
import { tokensOf } from './tokens.js';
import { templateText } from './wildcard.js';

const maskedForm = (message: string): string => templateText(tokensOf(maskValues(message), 128));

describe('what is a value by its looks', () => {
  test.each([
    ['550 5.1.1 <ann.lee@example.com>: Recipient unknown', '<*> <<*>>: Recipient unknown'],
    ['GET https://api.example.com/v1/users?id=7&token=abc failed', 'GET <*> failed'],
    ['job 01890a5d-ac96-774b-bcce-b302099a8057 is gone', 'job <*> is gone'],
    ['connect ECONNREFUSED 10.0.0.7:5432', 'connect ECONNREFUSED <*>'],
    ['connect to [2001:db8::1]:25 and fe80::1', 'connect to [<*>]:<*> and <*>'],
    ['device 00:1b:44:11:3a:b7 went away', 'device <*> went away'],
    ['due at 2026-11-23T06:17:17.123Z, not Nov 23 06:17:17 2026', 'due at <*>, not <*>'],
    ["ENOENT: no such file, open '/var/my data.json'", 'ENOENT: no such file, open <*>'],
    ['cannot open C:\\Users\\ann\\letter.txt', 'cannot open <*>'],
    ['segfault at 0xDEADBEEF in commit 3a7b7361', 'segfault at <*> in commit <*>'],
    ['took 30s, 1.5 MiB, 200ms and <1 sec', 'took <*> and <*>'],
    ['block blk_-1608999687919862906 of rdd_42_20', 'block <*> of <*>'],
    ['lost mx17.eu-west.example.org:25 again', 'lost <*> again'],
    ['12 bytes (0.5 KB) sent, lifetime 00:17', '<*> sent, lifetime <*>'],
    ['iar 00105eac dear 0245a320 iar 00105eb0 dear 0245a324', 'iar <*> dear <*>'],
    ['moved from RUNNING to SUCCEEDED', 'moved from <*> to <*>'],
    ['E11000 duplicate key in _id_', 'E11000 duplicate key in _id_'],
    ['java.io.IOException: Broken pipe', 'java.io.IOException: Broken pipe'],
    ['Foo::bar and std::string stay', 'Foo::bar and std::string stay'],
    ["can't open it, won't try", "can't open it, won't try"],
    ['  two\n  lines\t here ', 'two lines here'],
    ['', ''],
  ])('%j becomes %j', (message, expected) => {
    expect(maskedForm(message)).toBe(expected);
  });

  test('is masked once: a mask of what is masked changes nothing', () => {
    const once = maskedForm('Task 17 of 10.0.0.7 got 99 bytes from /var/lib/x at 12:30:01');
    expect(maskedForm(once.replaceAll('<*>', '17'))).toBe(once);
  });
});
