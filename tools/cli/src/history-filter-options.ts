import { Option, type Command } from 'commander';
import { oneMore, oneMoreOf, wholeNumber } from './option-values.js';

/** The options that say which jobs of the history a command is about. */
export function withHistoryFilters(command: Command, statuses: readonly string[]): Command {
  return command
    .addOption(
      new Option('--status <status>', `Only these: ${statuses.join(', ')}; may be given again`)
        .choices(statuses)
        .argParser(oneMoreOf(statuses)),
    )
    .option(
      '--error-type <type>',
      "Only jobs that have ended and of which a run failed so: a type, or a prefix such as 'smtp.*'; may be given again",
      oneMore,
    )
    .option('--from <time>', 'Only jobs accepted from then on: 2026-11-01, 2026-11-01T12:00Z, or how long ago: 30m, 24h, 7d')
    .option('--to <time>', 'Only jobs accepted before then')
    .option('--type <name>', 'Only jobs of this type')
    .option('--product <id>', 'Only jobs of this product_id')
    .option('--group <id>', 'Only jobs of this sending_group_id')
    .option('--user <id>', 'Only jobs that this user asked for')
    .option('--tenant <name>', 'Only jobs of this tenant')
    .option('--label <key=value>', 'Only jobs with this label')
    .option('--text <text>', 'Only jobs with this in id, type, product, group, user or a label')
    .option('--min-ms <number>', 'Only jobs that took at least so many milliseconds', wholeNumber)
    .option('--max-ms <number>', 'Only jobs that took at most so many milliseconds', wholeNumber);
}
