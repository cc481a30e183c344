import { Argument, Option } from 'commander';
import type { AddCommand } from './add-command.js';
import { lazily } from './lazy-command.js';
import { decimal, oneMore, pageSize, wholeNumber } from './option-values.js';

/** The command about alerts and their conditions, with its arguments and options. */
export function addAlertCommands(add: AddCommand): void {
  add('alerts', '')
    .addArgument(
      new Argument('[action]').choices([
        ...['list', 'history', 'conditions', 'show', 'create', 'update', 'test', 'delete', 'silences', 'silence', 'unsilence'],
      ]),
    )
    .argument('[name]')
    .optionsGroup('Options of create and update:')
    .option('--signal <figure>', 'create: what it is about, such as queue_age_s')
    .addOption(new Option('--fires <above|below>', 'On which side of the threshold').choices(['above', 'below']))
    .option('--threshold <number>', 'Beyond it the condition holds', decimal)
    .option('--clear-at <number>', 'Where an alert begins to be over; the threshold', decimal)
    .option('--for <seconds>', 'For how long it holds before it fires; 0', wholeNumber)
    .option('--clear-for <seconds>', 'For how long it is over before it is resolved; 0', wholeNumber)
    .option('--window <seconds>', 'Over which it is counted; 300', wholeNumber)
    .option('--at-least <jobs>', 'Jobs in the window below which shares say nothing; 1', wholeNumber)
    .option('--objective <share>', 'Of jobs that are to complete, for failure_budget_burn; 0.995', decimal)
    .option('--type <type>', 'Only of this type of jobs')
    .addOption(new Option('--severity <page|ticket|info>', 'How urgent it is; ticket').choices(['page', 'ticket', 'info']))
    .option('--summary <text>', 'What it means, for whoever is told')
    .option('--runbook <url>', 'A page about what to do')
    .option('--notify <webhook>', 'A webhook that is told, in place of all; may be given again', oneMore)
    .option('--inhibited-by <condition>', 'What it is a symptom of; may be given again', oneMore)
    .addOption(new Option('--enabled <yes|no>', 'Whether it is looked at').choices(['yes', 'no']))
    .optionsGroup('Options of silence:')
    .option('--subject <text>', 'Only about this type, group or schedule')
    .option('--minutes <number>', 'For how long; 60', wholeNumber)
    .option('--reason <text>', 'Why')
    .optionsGroup('Options:')
    .addOption(new Option('--state <state>', 'list: only these').choices(['pending', 'firing', 'resolved']))
    .option('--limit <number>', 'Items of one page (20)', wholeNumber, pageSize)
    .option('--cursor <cursor>', 'Where the next page begins')
    .action(lazily(async () => (await import('./commands/alerts.js')).alerts));
}
