import { expect, test } from '@jest/globals';
import { stateOf } from './webhook-state.js';

const fresh = { enabled: true, disabled_reason: null, failing_since: null, delivered: 0 };

test.each([
  ['unused', {}],
  ['working', { delivered: 3 }],
  ['failing', { delivered: 3, failing_since: '2026-03-01T12:00:00.000Z' }],
  ['disabled', { enabled: false, disabled_reason: 'failed for 5 days', failing_since: '2026-03-01T12:00:00.000Z' }],
  ['off', { enabled: false }],
])('a webhook is %s with %j', (state, fields) => expect(stateOf({ ...fresh, ...fields })).toBe(state));
