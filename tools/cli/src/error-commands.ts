import { Argument, Option } from 'commander';
import type { AddCommand } from './add-command.js';
import { lazily } from './lazy-command.js';
import { decimal, keyValues, oneMore, pageSize, wholeNumber } from './option-values.js';

/** Commands about what failed, how it is retried and what a person runs again. */
export function addErrorCommands(add: AddCommand): void {
  add('errors', '[record]')
    .option('--groups', 'List groups (the default without --group)')
    .option('--group <id>', 'List the records of a group')
    .option('--job <id>', 'Only those of this job')
    .addOption(
      new Option('--status <status>', 'Only those pending (a person has to decide), in_progress, recovered or failed').choices([
        'pending',
        'in_progress',
        'recovered',
        'failed',
      ]),
    )
    .option('--limit <number>', 'At most so many, 1 to 200 (default 20)', wholeNumber, pageSize)
    .option('--cursor <cursor>', 'Go on after an earlier page of records')
    .action(lazily(async () => (await import('./commands/errors.js')).errors));
  add('analyze', '')
    .option('--from <time>', 'From then on: 2026-11-01, 2026-11-01T12:00Z, or how long ago: 30m, 24h, 7d')
    .option('--to <time>', 'Before then')
    .option('--error-type <type>', "Only failures of this type, or a prefix such as 'smtp.*'; may be given again", oneMore)
    .option('--job <id>', 'Only failures of this job; may be given again', oneMore)
    .action(lazily(async () => (await import('./commands/analyze.js')).analyze));
  add('recover', '<target>')
    .option(
      '--param <key=value>',
      'Laid over the payload of each task; may be given again. VALUE is read as JSON where it is JSON, else as text',
      keyValues,
    )
    .option('--job <id>', 'With a GROUP: only the records of this job')
    .option('--force', 'Also while a retry is scheduled or the outcome unknown')
    .option('--ignore-conditions', 'Do not ask the retry conditions again')
    .action(lazily(async () => (await import('./commands/recover.js')).recover));
  add('retry-config', '')
    .addArgument(new Argument('<action>').choices(['list', 'set', 'unset']))
    .argument('[error-type]')
    .optionsGroup('Options of set:')
    .option('--max-attempts <number>', 'Runs of a task, the first included', wholeNumber)
    .option('--initial-delay <seconds>', 'Before the first retry', decimal)
    .option('--max-delay <seconds>', 'Longest delay', decimal)
    .option('--backoff <factor>', 'How much longer each delay is than the one before', decimal)
    .action(lazily(async () => (await import('./commands/retry-config.js')).retryConfig));
}
