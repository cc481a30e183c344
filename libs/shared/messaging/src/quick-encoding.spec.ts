import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { useQuickEncoding } from './quick-encoding.js';

test('bytes of a text are those that TextEncoder makes of it, in room of their own, however long it is', () => {
  const quick = new TextEncoder();
  useQuickEncoding(quick);
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', minLength: 990, maxLength: 1_010 }));
  fc.assert(
    fc.property(text, text, (one, other) => {
      const [ofOne, ofOther] = [quick.encode(one), quick.encode(other)];
      expect(new Uint8Array(ofOne)).toEqual(new TextEncoder().encode(one));
      expect(new Uint8Array(ofOther)).toEqual(new TextEncoder().encode(other));
    }),
  );
  expect(quick.encode('\ud800')).toEqual(Buffer.from(new TextEncoder().encode('\ud800')));
  expect(quick.encode()).toHaveLength(0);
});
