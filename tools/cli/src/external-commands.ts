import { Option } from 'commander';
import type { AddCommand } from './add-command.js';
import { jobStatuses } from './job-statuses.js';
import { lazily } from './lazy-command.js';
import { decimal, wholeNumber } from './option-values.js';

/** Commands of those who run jobs themselves, or want one run again. */
export function addExternalCommands(add: AddCommand): void {
  add('retry', '<id>').action(lazily(async () => (await import('./commands/retry.js')).retry));
  add('update', '<id>')
    .addOption(new Option('--status <status>').choices(jobStatuses))
    .option('--phase <name>')
    .option('--progress <percent>', '', decimal)
    .option('--active <number>', '', wholeNumber)
    .option('--errors <number>', '', wholeNumber)
    .option('--error-code <type>')
    .option('--error-message <text>')
    .option('--expected-version <number>', '', wholeNumber)
    .action(lazily(async () => (await import('./commands/update.js')).update));
}
