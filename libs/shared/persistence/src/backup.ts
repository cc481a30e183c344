export { backUp, type BackupOrder } from './backup/back-up.js';
export { BackupError } from './backup/backup-error.js';
export { sumsOf, type BackupManifest } from './backup/backup-manifest.js';
export { checkBackup, restore, type RestoreOrder } from './backup/restore.js';
