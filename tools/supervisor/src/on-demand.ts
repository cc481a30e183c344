/**
 * The doors behind which the heavy parts are: they are loaded when something is started, so that a command that only
 * looks at a platform answers at once.
 */
import type { MigratedSchema, SchemaState } from '@kintsugi/persistence';
import type { AuditedApiKeys, KeyAuditOptions } from '@kintsugi/persistence/audited-api-keys';
import type { BackupManifest } from '@kintsugi/persistence/backup';
import type { JobsSince } from './databases/jobs-since.js';
import type { BackupPlace, DatabasePlace } from './databases/databases.js';
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

export async function withApiKeys<Result>(
  place: DatabasePlace,
  by: KeyAuditOptions,
  act: (keys: AuditedApiKeys) => Promise<Result>,
): Promise<Result> {
  return (await import('./databases/databases.js')).withApiKeys(place, by, act);
}

export async function databaseStates(place: DatabasePlace): Promise<SchemaState[]> {
  return (await import('./databases/databases.js')).databaseStates(place);
}

export async function migrateDatabases(place: DatabasePlace): Promise<MigratedSchema[]> {
  return (await import('./databases/databases.js')).migrateDatabases(place);
}

export async function backUpDatabases(place: DatabasePlace, backup: BackupPlace): Promise<BackupManifest> {
  return (await import('./databases/databases.js')).backUpDatabases(place, backup);
}

export async function restoreDatabases(
  place: DatabasePlace,
  order: BackupPlace & { manifest: BackupManifest; force: boolean },
): Promise<void> {
  return (await import('./databases/databases.js')).restoreDatabases(place, order);
}

export async function checkBackup(folder: string, signal: AbortSignal): Promise<BackupManifest> {
  return (await import('./databases/databases.js')).checkedBackup(folder, signal);
}

export async function jobsSince(natsUrl: string, since: Date): Promise<JobsSince> {
  return (await import('./databases/jobs-since.js')).jobsSince(natsUrl, since);
}

/** Where the mongod of a home takes its owner; undefined while it takes everybody, or is not its own. */
export async function mongoLoginOf(home: string): Promise<string | undefined> {
  return (await import('./keys/server-credentials.js')).readCredentials(home)?.mongo_url ?? undefined;
}
