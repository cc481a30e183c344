import { describe, expect, it } from '@jest/globals';
import { homeNear } from './home-places.js';

const me = 1000;
const other = 1001;

/** The home that is found where these are, by their owners. */
function found(folder: string, named: string | undefined, owners: Record<string, number>, user: number | null = me) {
  return homeNear(folder, named, { ownerOf: (place) => owners[place] ?? null, user: user ?? undefined });
}

describe('the home of a platform', () => {
  it('is the nearest one upwards', () => {
    expect(found('/srv/shop/worker', undefined, { '/srv/.kintsugi': me, '/.kintsugi': me })).toBe('/srv/.kintsugi');
    expect(found('/srv/shop/worker', undefined, { '/.kintsugi': me })).toBe('/.kintsugi');
    expect(found('/srv/shop/worker', undefined, { '/srv/shop/worker/.kintsugi': me })).toBe('/srv/shop/worker/.kintsugi');
    expect(found('/srv', undefined, {})).toBeUndefined();
  });

  it('is the one that is named, and no other', () => {
    const owners = { '/srv/shop/.kintsugi': me, '/var/kintsugi': other, '/srv/shop/second': me };
    expect(found('/srv/shop', '/var/kintsugi', owners)).toBe('/var/kintsugi');
    expect(found('/srv/shop', 'second', owners)).toBe('/srv/shop/second');
    expect(found('/srv/shop', 'third', owners)).toBeUndefined();
  });

  it('is the nearest one that can be looked at', () => {
    const ownerOf = (place: string): number | null => {
      if (place === '/srv/all/.kintsugi') throw new Error('ELOOP: too many symbolic links encountered');
      return place === '/srv/.kintsugi' ? me : null;
    };
    expect(homeNear('/srv/all/work', undefined, { ownerOf, user: me })).toBe('/srv/.kintsugi');
    expect(homeNear('/srv/all', '/srv/all/.kintsugi', { ownerOf, user: me })).toBeUndefined();
  });

  it('is none that another user has put above', () => {
    expect(found('/srv/all/work', undefined, { '/srv/all/.kintsugi': other })).toBeUndefined();
    expect(found('/srv/all/work', undefined, { '/srv/all/.kintsugi': other, '/.kintsugi': 0 })).toBe('/.kintsugi');
    expect(found('/srv/all/work', undefined, { '/srv/all/.kintsugi': other }, null)).toBe('/srv/all/.kintsugi');
    expect(found('/srv/all/work', undefined, { '/srv/all/.kintsugi': other }, 0)).toBeUndefined();
  });
});
