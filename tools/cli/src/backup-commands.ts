import type { AddCommand } from './add-command.js';
import { lazily } from './lazy-command.js';

/** Commands that keep the data of a platform apart from it, and bring it back. */
export function addBackupCommands(add: AddCommand): void {
  add('backup', '<folder>')
    .option('--home <folder>', "The platform's home (KINTSUGI_HOME, default .kintsugi)")
    .option('--json', 'One JSON value on standard output')
    .action(lazily(async () => (await import('./commands/backup.js')).backup));
  add('restore', '<folder>')
    .option('--force', 'Let the data go that is there')
    .option('--home <folder>', 'The home to restore into (KINTSUGI_HOME, default .kintsugi)')
    .option('--json', 'One JSON value on standard output')
    .action(lazily(async () => (await import('./commands/restore.js')).restore));
}
