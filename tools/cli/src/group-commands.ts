import { Argument, Option } from 'commander';
import type { AddCommand } from './add-command.js';
import { lazily } from './lazy-command.js';
import { atLeastOne, pageSize, wholeNumber } from './option-values.js';

/** As in the contracts, which are not loaded to read a command line; a test holds both equal. */
const groupStates = ['open', 'acknowledged', 'resolved', 'ignored'];

const actions = ['list', 'show', 'ack', 'resolve', 'ignore', 'reopen', 'note', 'merge', 'try'];

/** The command about groups of failures, with its arguments and options. */
export function addGroupCommands(add: AddCommand): void {
  add('groups', '')
    .addArgument(new Argument('[action]').choices(actions).default('list'))
    .argument('[target]')
    .argument('[into]')
    .addOption(new Option('--state <state>').choices(groupStates))
    .option('--type <error-type>')
    .option('--assignee <name>')
    .option('--note <text>')
    .option('--until <time>')
    .option('--count <number>', '', atLeastOne)
    .option('--limit <number>', '', wholeNumber, pageSize)
    .option('--cursor <cursor>')
    .action(lazily(async () => (await import('./commands/groups.js')).groups));
}
