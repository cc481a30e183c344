import { Option } from 'commander';
import { deadLetterServices } from '@kintsugi/contracts';
import type { AddCommand } from './add-command.js';
import { lazily } from './lazy-command.js';
import { actionOrList, pageSize, wholeNumber } from './option-values.js';

/** The command about what services and webhooks could not take, with its arguments and options. */
export function addDeadLetterCommands(add: AddCommand): void {
  add('dead-letters', '')
    .addArgument(actionOrList(['list', 'show', 'replay', 'discard']))
    .argument('[id...]')
    .optionsGroup('Options of list, and of replay and discard with --all:')
    .addOption(new Option('--service <name>', 'Only what this service keeps').choices([...deadLetterServices]))
    .option('--reason <code>', 'Only what was given up for this reason, such as INTERNAL')
    .optionsGroup('Options of list:')
    .option('--limit <number>', 'Items of one page (20)', wholeNumber, pageSize)
    .option('--cursor <cursor>', 'Where the next page begins')
    .optionsGroup('Options of replay and discard:')
    .option('--all', 'All that there are, or that --service and --reason fit')
    .option('--yes', 'discard: without asking')
    .action(lazily(async () => (await import('./commands/dead-letters.js')).deadLetters));
}
