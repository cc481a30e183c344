import { expect, test } from '@jest/globals';
import { opsSettings } from '@kintsugi/hosting/shared-settings';
import { PlatformStartError } from '../start-error.js';
import { settingsOf } from './settings-of.js';

test('a setting of a service that the supervisor needs and cannot use is a reason not to start', () => {
  const read = (OPS_TOKEN: string) => () => settingsOf({ OPS_TOKEN: opsSettings.OPS_TOKEN }, { OPS_TOKEN });
  expect(read('as long as it has to be')()).toEqual({ OPS_TOKEN: 'as long as it has to be' });
  expect(read('short')).toThrow(PlatformStartError);
  expect(read('short')).toThrow('OPS_TOKEN');
});
