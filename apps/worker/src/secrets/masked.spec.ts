import { expect, test } from '@jest/globals';
import { masked } from './masked.js';

test('a secret is taken out as JSON and URLs write it, too', () => {
  const secret = 'key "of" two words';
  const text = `${secret} ${JSON.stringify({ secret })} /?q=${encodeURIComponent(secret)}`;
  expect(masked(text, [secret])).toBe('… {"secret":"…"} /?q=…');
});
