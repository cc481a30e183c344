import { expect, test } from '@jest/globals';
import { parseTraceparent } from './traceparent.js';

const [trace, span] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];

test('a traceparent is read as W3C Trace Context says', () => {
  expect(parseTraceparent(`00-${trace}-${span}-01`)).toEqual({ traceId: trace, spanId: span, isSampled: true });
  expect(parseTraceparent(`00-${trace}-${span}-02`)?.isSampled).toBe(false);
  expect(parseTraceparent(`cc-${trace}-${span}-03-what-comes-later`)?.isSampled).toBe(true);
});

test.each([
  ['nothing', ''],
  ['another version of it', `ff-${trace}-${span}-01`],
  ['more than its version has', `00-${trace}-${span}-01-more`],
  ['upper case', `00-${trace.toUpperCase()}-${span}-01`],
  ['no trace', `00-${'0'.repeat(32)}-${span}-01`],
  ['no span', `00-${trace}-${'0'.repeat(16)}-01`],
  ['two of them', `00-${trace}-${span}-01, 00-${trace}-${span}-01`],
  ['a long text', `cc-${trace}-${span}-01-${'a'.repeat(600)}`],
])('%s is no traceparent', (_, text) => {
  expect(parseTraceparent(text)).toBeNull();
});
