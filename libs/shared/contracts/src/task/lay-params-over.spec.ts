import { expect, test } from '@jest/globals';
import { layParamsOver } from './lay-params-over.js';

test('params of a manual recovery are laid over the fields of a payload', () => {
  const payload = { to: 'ada', from: 'us' };
  expect(layParamsOver(payload, { to: 'bob', retry: true })).toEqual({ to: 'bob', from: 'us', retry: true });
  expect(payload).toEqual({ to: 'ada', from: 'us' });
});

test.each([[[1, 2]], [null], [undefined], ['text'], [7], [true]])(
  'params take the place of a payload without fields: %j',
  (payload) => {
    expect(layParamsOver(payload, { to: 'bob' })).toEqual({ to: 'bob' });
  },
);
