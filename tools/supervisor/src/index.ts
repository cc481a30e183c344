export { preparePlatform, startPlatform } from './start-platform.js';
export type { Platform } from './platform.js';
export type { PlatformEvent, PlatformOptions } from './platform-options.js';
export { PlatformStartError } from './start-error.js';
export type { PlatformState, PlatformUrls, ProcessIdentity, ProcessState } from './domain/platform-state.js';
export { HomeLockedError } from './process/home-lock.js';
export { sweepLeftOvers } from './process/left-overs.js';
export { isRunning } from './process/process-identity.js';
export { repository } from './process/platform-processes.js';
export { readState, removeState, stateFileOf } from './process/state-file.js';
export {
  PlatformSettingsError,
  platformSettings,
  resolveSettings,
  type PlatformSettings,
  type ResolvedSettings,
  type SettingsSource,
} from './settings/platform-settings.js';
