import { Option } from 'commander';
import { auditServices } from '@kintsugi/contracts';
import type { AddCommand } from './add-command.js';
import { lazily } from './lazy-command.js';
import { actionOrList, oneMore, pageSize, wholeNumber } from './option-values.js';

/** The command about who had what changed, with its arguments and options. */
export function addAuditCommands(add: AddCommand): void {
  add('audit', '')
    .addArgument(actionOrList(['list', 'verify', 'export']))
    .argument('[file]')
    .optionsGroup('Options of list:')
    .option('--actor <name>', 'Only what this actor asked for')
    .option('--action <name>', 'Only this action, such as cancelJob')
    .option('--subject <id>', 'Only what is about this: a job, the name of a schedule')
    .option('--tenant <name>', 'Only what is of this tenant')
    .option('--since <time>', 'Only from this time on, such as 2027-01-31T06:00:00Z')
    .option('--until <time>', 'Only before this time')
    .option('--limit <number>', 'Items of one page (20)', wholeNumber, pageSize)
    .option('--cursor <cursor>', 'Where the next page begins')
    .optionsGroup('Options of verify:')
    .option('--key <file>', 'PEM of a key that is trusted; may be given again (the one of the home)', oneMore)
    .option('--against <file>', 'An earlier export, whose ends the chains have to go through')
    .option('--signed-from <number>', 'The first entry that has to be signed (1)', wholeNumber, 1)
    .optionsGroup('Options:')
    .addOption(new Option('--service <name>', 'Only the chain of this service').choices([...auditServices]))
    .action(lazily(async () => (await import('./commands/audit.js')).audit));
}
