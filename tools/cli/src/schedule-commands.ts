import { Option } from 'commander';
import type { AddCommand } from './add-command.js';
import { lazily } from './lazy-command.js';
import { actionOrList, pageSize, wholeNumber } from './option-values.js';

/** The command about jobs made by the clock, with its arguments and options. */
export function addScheduleCommands(add: AddCommand): void {
  add('schedules', '')
    .addArgument(actionOrList(['list', 'show', 'create', 'update', 'pause', 'resume', 'trigger', 'delete']))
    .argument('[name]')
    .optionsGroup('Options of create and update:')
    .option('--cron <line>', 'Minute, hour, day, month and weekday; seconds may go first')
    .option('--every <seconds>', 'Between two ticks, in place of --cron', wholeNumber)
    .option('--time-zone <name>', 'In which --cron is read, such as Europe/Berlin; UTC')
    .addOption(
      new Option('--catch-up <which>', 'Ticks that nobody could keep: none, last or all; last').choices(['none', 'last', 'all']),
    )
    .addOption(
      new Option('--overlap <rule>', 'While the job before is under way: skip, queue, replace or allow; skip').choices([
        'skip',
        'queue',
        'replace',
        'allow',
      ]),
    )
    .option('--jitter <seconds>', 'Up to so much later, the same for the same tick; 0', wholeNumber)
    .option('--job <file>', 'JSON with the fields of createJob')
    .optionsGroup('Options:')
    .option('--limit <number>', 'Schedules of one page (20)', wholeNumber, pageSize)
    .option('--cursor <cursor>', 'Where the next page begins')
    .action(lazily(async () => (await import('./commands/schedules.js')).schedules));
}
