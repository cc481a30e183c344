import { Option } from 'commander';
import type { AddCommand } from './add-command.js';
import { jobStatuses } from './job-statuses.js';
import { lazily } from './lazy-command.js';
import { decimal, wholeNumber } from './option-values.js';

/** Commands of those who run jobs themselves, or want one run again. */
export function addExternalCommands(add: AddCommand): void {
  add('retry', '<id>').action(lazily(async () => (await import('./commands/retry.js')).retry));
  add('update', '<id>')
    .addOption(new Option('--status <status>', 'Where it is now, such as running, completed or failed').choices(jobStatuses))
    .option('--phase <name>', 'What it is busy with, in a word')
    .option('--progress <percent>', 'How far it is, 0 to 100; a lower one changes nothing', decimal)
    .option('--active <number>', 'How many tasks run now', wholeNumber)
    .option('--errors <number>', 'Runs that failed so far', wholeNumber)
    .option('--error-code <type>', 'With --error-message: an error, which becomes an error record of the job')
    .option('--error-message <text>', 'What went wrong')
    .option('--expected-version <n>', 'Only while the job is still of this version', wholeNumber)
    .action(lazily(async () => (await import('./commands/update.js')).update));
}
