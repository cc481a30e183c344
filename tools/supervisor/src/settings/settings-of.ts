import { SettingsError, readSettings, type Settings, type SettingsShape } from '@kintsugi/hosting/settings';
import { PlatformStartError } from '../start-error.js';

/** Settings that services take, where the supervisor needs them itself. Those that can't be used are a reason not to start. */
export function settingsOf<Shape extends SettingsShape>(
  shape: Shape,
  environment: Record<string, string | undefined>,
): Settings<Shape> {
  try {
    return readSettings(shape, environment);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    throw new PlatformStartError('settings', error.message, 'Correct the setting.');
  }
}
