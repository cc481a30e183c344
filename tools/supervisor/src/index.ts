export {
  backUpDatabases,
  checkBackup,
  databaseStates,
  jobsSince,
  migrateDatabases,
  mongoLoginOf,
  preparePlatform,
  resolveSettings,
  restoreDatabases,
  startPlatform,
  withApiKeys,
} from './on-demand.js';
export type { MigratedSchema } from '@kintsugi/persistence';
export { sumsOf, type BackupManifest } from '@kintsugi/persistence/backup';
export type { Platform } from './platform.js';
export type { PlatformEvent, PlatformOptions } from './platform-options.js';
export { PlatformStartError } from './start-error.js';
export type { PlatformState, PlatformUrls, ProcessIdentity, ProcessState } from './domain/platform-state.js';
export { builtInWorkerName } from './domain/process-roles.js';
export { platformReadiness, type Readiness } from './domain/platform-readiness.js';
export { askReadiness, whatIsMissing } from './http/gateway-readiness.js';
export { askProcess, type ProcessReadiness } from './http/process-readiness.js';
export { auditKeyPemOf } from './keys/audit-key.js';
export { commandLineKeyFileOf } from './keys/key-places.js';
export { alertmanagerAnywhere } from './monitoring/alertmanager-anywhere.js';
export { opsTokenOf } from './keys/server-credentials.js';
export { HomeLockedError } from './process/home-lock.js';
export { sweepLeftOvers } from './process/left-overs.js';
export { PlatformLogs, type PlatformLine } from './process/platform-logs.js';
export { isRunning } from './process/process-identity.js';
export { HomeFileError, readState, removeState, stateFileOf } from './process/state-file.js';
export type { PlatformSettings, ResolvedSettings, SettingsSource } from './settings/platform-settings.js';
export { repository } from './repository.js';
