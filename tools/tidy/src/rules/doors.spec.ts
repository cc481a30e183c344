import { describe, expect, test } from '@jest/globals';
import { reportOf } from '../rule.js';
import { treeOf } from '../tree.js';
import { doors } from './doors.js';

const library = { 'libs/shared/messaging/package.json': '{}' };
const check = (files: Record<string, string>) => reportOf(doors, treeOf(files));

describe('doors', () => {
  test('a library without index.ts is found', () => {
    expect(check({ ...library, 'libs/shared/messaging/src/bus.ts': '' })).toEqual([
      'libs/shared/messaging/src/index.ts the library has no door',
    ]);
  });

  test('`export *` is found, in the door and elsewhere', () => {
    expect(check({ ...library, 'libs/shared/messaging/src/index.ts': "export * from './bus.js';" })).toHaveLength(1);
    expect(check({ 'apps/gateway/src/main.ts': "\nexport * as bus from './bus.js';" })[0]).toContain(
      'apps/gateway/src/main.ts:2',
    );
  });

  test('code in a door is found', () => {
    expect(check({ ...library, 'libs/shared/messaging/src/index.ts': 'export const answer = 42;' })[0]).toContain(
      'and nothing else',
    );
  });

  test('a barrel inside a library or an app is found', () => {
    expect(check({ 'libs/shared/contracts/src/job/index.ts': '' })).toHaveLength(1);
    expect(check({ 'apps/gateway/src/index.ts': '' })).toHaveLength(1);
  });

  test('a door with named exports passes', () => {
    expect(check({ ...library, 'libs/shared/messaging/src/index.ts': "export { Bus, type BusState } from './bus.js';" })).toEqual(
      [],
    );
  });
});
