import { describe, expect, test } from '@jest/globals';
import { SettingsError, readSettings } from './settings.js';
import { sharedSettings } from './shared-settings.js';

describe('the name of a replica', () => {
  test.each(['job-service', 'job-service@mail-1.example.com:1f3a9c2e', 'team/a_2'])('may be %s', (name) => {
    expect(readSettings(sharedSettings, { INSTANCE_ID: name }).INSTANCE_ID).toBe(name);
  });

  test.each(['$holder', 'two words', 'a\nb', 'näme', '-', 'x'.repeat(129)])(
    'that a database or a log could take for something else is refused: %j',
    (name) => {
      expect(() => readSettings(sharedSettings, { INSTANCE_ID: name })).toThrow(SettingsError);
    },
  );
});
