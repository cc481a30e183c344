import { Argument, Option, type Command } from 'commander';
import { lazily } from '../lazy-command.js';
import { atLeastOne, wholeNumber } from '../option-values.js';
import type { Add } from '../program.js';

/** As in the contracts, which are not loaded to read a command line; a test holds both equal. */
const groupStates = ['open', 'acknowledged', 'resolved', 'ignored'];

const actions = ['list', 'show', 'ack', 'resolve', 'ignore', 'reopen', 'note', 'merge', 'try'];

const pageSize = 20;

/** The command about groups of failures, with its arguments and options. */
export function addGroupCommand(add: Add, withConnection: (command: Command) => Command): void {
  withConnection(add('groups', ''))
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
    .action(lazily(async () => (await import('../commands/groups.js')).groups));
}
