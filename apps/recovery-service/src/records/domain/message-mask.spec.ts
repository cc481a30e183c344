import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { maskMessage } from './message-mask.js';

describe('the mask of a message', () => {
  test.each([
    ['550 5.1.1 <ann.lee@example.com>: Recipient unknown', '<num> <num> <<email>>: Recipient unknown'],
    ['Mail to ann@example.com. Next', 'Mail to <email>. Next'],
    ['GET https://api.example.com/v1/users?id=7&token=abc failed', 'GET <url> failed'],
    ['job 01890a5d-ac96-774b-bcce-b302099a8057 is gone', 'job <uuid> is gone'],
    ['connect ECONNREFUSED 10.0.0.7:5432', 'connect ECONNREFUSED <ip>'],
    ['connect ECONNREFUSED 10.0.0.7.', 'connect ECONNREFUSED <ip>.'],
    ['connect to [2001:db8::1]:25 and ::1 and 2001:db8:0:1:1:1:1:1', 'connect to [<ip>]:<num> and <ip> and <ip>'],
    ['mapped ::ffff:10.1.2.3 here', 'mapped <ip> here'],
    ['device 00:1b:44:11:3a:b7 went away', 'device <mac> went away'],
    ['at 2026-11-23T06:17:17.123Z and 2026-11-23 06:17', 'at <time> and <time>'],
    ['between 06:17:17 and 7:30 pm', 'between <time> and <time>'],
    ['ENOENT: no such file /var/lib/kintsugi/data.json', 'ENOENT: no such file <path>'],
    ['cannot open C:\\Users\\ann\\letter.txt', 'cannot open <path>'],
    ['cannot open ~/mail/letter.txt', 'cannot open <path>'],
    ['segfault at 0xDEADBEEF in commit 3a7b7361', 'segfault at <hex> in commit <hex>'],
    ['unknown option \'colour\' of “paint” in `brush` or "pen"', 'unknown option <str> of <str> in <str> or <str>'],
    ["can't open it, won't try", "can't open it, won't try"],
    ['took 30s, 1.5 MiB, 12 %, 200ms, -3 and 1,234,567', 'took <num>, <num>, <num>, <num>, <num> and <num>'],
    ['7 spoons', '<num> spoons'],
    ['sha256 of user42 on host-7', 'sha256 of user42 on host-<num>'],
    ['counter 999999 then 1000000', 'counter <num> then <num>'],
    ['  two\n  lines\t here ', 'two lines here'],
    ['Foo::bar and std::string stay', 'Foo::bar and std::string stay'],
    ['and/or stays', 'and/or stays'],
    ['', ''],
  ])('%j becomes %j', (message, expected) => {
    expect(maskMessage(message)).toBe(expected);
  });

  test('two occurrences that differ in their values only look the same', () => {
    const values = fc.record({
      // Legal, but at the edge of a value the marks read as quotation of it.
      address: fc.emailAddress().filter((address) => !/^['`]/.test(address)),
      ip: fc.ipV4(),
      id: fc.uuid(),
      size: fc.nat(),
      url: fc.webUrl({ withQueryParameters: true, withFragments: true }).filter((url) => !url.includes("'")),
      ipv6: fc.ipV6().filter((address) => address !== '::'),
    });
    const write = (value: { address: string; ip: string; id: string; size: number; url: string; ipv6: string }): string =>
      `Task ${value.id} to ${value.address} via ${value.ip} or ${value.ipv6} got ${value.size} bytes of ${value.url} and stopped`;
    const expected = 'Task <uuid> to <email> via <ip> or <ip> got <num> of <url> and stopped';
    fc.assert(fc.property(values, (value) => expect(maskMessage(write(value))).toBe(expected)));
  });

  test('masking what is masked changes nothing', () => {
    const values = fc.oneof(fc.lorem(), fc.emailAddress(), fc.webUrl(), fc.ipV4(), fc.ipV6(), fc.uuid(), fc.nat().map(String));
    // A quotation mark without its partner finds one once the value between them is masked.
    const messages = fc.array(values, { maxLength: 5 }).map((parts) => parts.join(' ').replace(/['`]/g, ''));
    fc.assert(
      fc.property(messages, (message) => {
        const masked = maskMessage(message);
        expect(maskMessage(masked)).toBe(masked);
      }),
    );
  });

  test('what lies beyond the first 10,000 characters does not matter, and no value is cut in half', () => {
    const head = 'word '.repeat(1_998);
    expect(maskMessage(`${head}ann.lee@example.com and more`)).toBe(maskMessage(head));
    expect(maskMessage('x'.repeat(20_000))).toBe('');
  });
});
