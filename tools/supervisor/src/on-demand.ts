/**
 * The doors behind which the heavy parts are: they are loaded when something is started, so that a command that only
 * looks at a platform answers at once.
 */
import type { PlatformOptions } from './platform-options.js';
import type { Platform } from './platform.js';
import type { ResolvedSettings, SettingsSource } from './settings/platform-settings.js';

export async function startPlatform(options?: PlatformOptions): Promise<Platform> {
  return (await import('./start-platform.js')).startPlatform(options);
}

export async function preparePlatform(options?: PlatformOptions): Promise<Platform> {
  return (await import('./start-platform.js')).preparePlatform(options);
}

export async function resolveSettings(sources: SettingsSource[]): Promise<ResolvedSettings> {
  return (await import('./settings/platform-settings.js')).resolveSettings(sources);
}

export async function createKey(home: string, about: { id: string; role: 'viewer' | 'operator' | 'admin' }): Promise<string> {
  return (await import('./keys/key-file.js')).createKey(home, about);
}
