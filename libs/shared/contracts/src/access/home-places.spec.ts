import { describe, expect, test } from '@jest/globals';
import { homesNear } from './home-places.js';

describe('the homes near a folder', () => {
  test('are each .kintsugi from there upwards, the nearest first', () => {
    expect(homesNear('/srv/shop/worker', undefined)).toEqual([
      '/srv/shop/worker/.kintsugi',
      '/srv/shop/.kintsugi',
      '/srv/.kintsugi',
      '/.kintsugi',
    ]);
  });

  test('are the one that KINTSUGI_HOME names, and no other', () => {
    expect(homesNear('/srv/shop', '/var/kintsugi')).toEqual(['/var/kintsugi']);
    expect(homesNear('/srv/shop', 'second')).toEqual(['/srv/shop/second']);
  });
});
