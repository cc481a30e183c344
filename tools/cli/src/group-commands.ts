import { Argument, Option } from 'commander';
import type { AddCommand } from './add-command.js';
import { lazily } from './lazy-command.js';
import { atLeastOne, oneMore, pageSize, wholeNumber } from './option-values.js';

/** As in the contracts, which are not loaded to read a command line; a test holds both equal. */
const groupStates = ['open', 'acknowledged', 'resolved', 'ignored'];

const actions = ['list', 'show', 'ack', 'resolve', 'ignore', 'reopen', 'note', 'merge', 'split', 'try'];

/** The command about groups of failures, with its arguments and options. */
export function addGroupCommands(add: AddCommand): void {
  add('groups', '')
    .addArgument(new Argument('[action]').choices(actions).default('list'))
    .argument('[target]')
    .argument('[into]')
    .addOption(
      new Option('--state <state>', 'With list: only those open, acknowledged, resolved or ignored').choices(groupStates),
    )
    .option('--type <type>', 'With list: only those of this error type; with split: those leave')
    .option('--assignee <name>', "With list: only those that NAME sees to; else: who is to see to it, '' for nobody")
    .option('--note <text>', "What is to be remembered; '' for nothing")
    .option('--until <time>', 'With ignore: until then, such as 2026-12-01T08:00:00Z')
    .option('--count <number>', 'With ignore: for so many more failures', atLeastOne)
    .option('--place <number>', 'With split: which <*> of the title decides, counted from 1', atLeastOne)
    .option('--value <text>', 'With split: what stands there; may be given again', oneMore)
    .option('--record <id>', 'With split: those like this record leave; may be given again', oneMore)
    .option('--limit <number>', 'With list: at most so many, 1 to 200 (default 20)', wholeNumber, pageSize)
    .option('--cursor <cursor>', 'With list: go on after an earlier page')
    .action(lazily(async () => (await import('./commands/groups.js')).groups));
}
