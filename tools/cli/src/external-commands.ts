import { Option } from 'commander';
import type { AddCommand } from './add-command.js';
import { jobStatuses } from './option-choices.js';
import { lazily } from './lazy-command.js';
import { decimal, keyValues, oneMore, wholeNumber } from './option-values.js';

/** Commands of those who run jobs themselves, or want one run again. */
export function addExternalCommands(add: AddCommand): void {
  add('retry', '<id>').action(lazily(async () => (await import('./commands/retry.js')).retry));
  add('rerun', '<id>')
    .option('--dry-run', 'Only show the plan, which is also what happens without --run')
    .option('--run', 'Do it')
    .option('--task <id>', 'Only this task, by its id or yours; may be given again', oneMore)
    .option('--state <state>', 'Only tasks in this state; may be given again', oneMore)
    .option('--error-type <type>', 'Only tasks that failed so, such as smtp.*; may be given again', oneMore)
    .option('--data-type <name>', 'Only tasks whose payload has this data_type; may be given again', oneMore)
    .option('--group <id>', 'Only tasks with failures in this group, grp_...; may be given again', oneMore)
    .option('--label <key=value>', 'Only tasks with this label, of the job or of their payload; may be given again', oneMore)
    .option('--when <condition>', "Only tasks for which it holds, such as 'attempts gte 3'; may be given again", oneMore)
    .option('--all', 'Also what has succeeded, where it is selected')
    .option('--no-downstream', 'Not what waits for it, but for what was given up')
    .option('--upstream', 'Also what it waits for and has not succeeded')
    .option('--set <key=value>', 'Lay this over the payloads; may be given again', keyValues)
    .option('--latest', 'As its schedule says now, or as its newest run has it')
    .option('--unchanged', 'Keep what was made of the same inputs, in any run of the job; run the rest')
    .action(lazily(async () => (await import('./commands/rerun.js')).rerun));
  add('update', '<id>')
    .addOption(new Option('--status <status>', 'Where it is now, such as running, completed or failed').choices(jobStatuses))
    .option('--phase <name>', 'What it is busy with, in a word')
    .option('--progress <percent>', 'How far it is, 0 to 100; a lower one changes nothing', decimal)
    .option('--active <number>', 'How many tasks run now', wholeNumber)
    .option('--errors <number>', 'Runs that failed so far', wholeNumber)
    .option('--error-code <type>', 'With --error-message: an error, which becomes an error record of the job')
    .option('--error-message <text>', 'What went wrong')
    .option('--error-stack <text>', 'With both: where it went wrong')
    .option('--expected-version <n>', 'Only while the job is still of this version', wholeNumber)
    .action(lazily(async () => (await import('./commands/update.js')).update));
}
