import { Option } from 'commander';
import type { AddCommand } from './add-command.js';
import { lazily } from './lazy-command.js';
import { actionOrList, oneMore, pageSize, wholeNumber } from './option-values.js';

/** The command about addresses to which events are posted, with its arguments and options. */
export function addWebhookCommands(add: AddCommand): void {
  add('webhooks', '')
    .addArgument(actionOrList(['list', 'show', 'create', 'update', 'test', 'deliveries', 'retry', 'delete']))
    .argument('[name]')
    .optionsGroup('Options of create and update:')
    .option('--to <url>', 'Where events are posted to, or mailto: and addresses')
    .option('--event <name>', 'An event that it is told of, such as job.failed; may be given again', oneMore)
    .addOption(
      new Option('--format <cloudevents|slack>', 'How messages are written; cloudevents').choices(['cloudevents', 'slack']),
    )
    .option('--secret <secret>', 'What messages are signed with; made for you')
    .addOption(new Option('--enabled <yes|no>', 'update: whether it is told of events').choices(['yes', 'no']))
    .optionsGroup('Options:')
    .option('--limit <number>', 'Items of one page (20)', wholeNumber, pageSize)
    .option('--cursor <cursor>', 'Where the next page begins')
    .action(lazily(async () => (await import('./commands/webhooks.js')).webhooks));
}
