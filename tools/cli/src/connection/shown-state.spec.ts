import { expect, it } from '@jest/globals';
import type { PlatformState } from '@kintsugi/supervisor';
import { shownState } from './shown-state.js';

it('a state is shown without the passwords in its URLs', () => {
  const urls = { api: 'http://127.0.0.1:8000', nats: 'nats://u:p@a:4222,nats://u:p@b:4222', mongo: 'mongodb://u:p@c:27017/?x=y' };
  expect(shownState({ urls } as PlatformState).urls).toEqual({
    api: 'http://127.0.0.1:8000',
    nats: 'nats://…@a:4222,nats://…@b:4222',
    mongo: 'mongodb://…@c:27017/?x=y',
  });
});
