import { Option } from 'commander';
import type { AddCommand } from './add-command.js';
import { lazily } from './lazy-command.js';
import { actionOrList, atLeastOne, decimal, keyValues, oneMore, pageSize, wholeNumber } from './option-values.js';

const policyActions = ['list', 'show', 'set', 'unset', 'diff', 'revert', 'test'];

/** Commands about what failed, how it is retried and what a person runs again. */
export function addErrorCommands(add: AddCommand): void {
  add('errors', '')
    .option('--groups', 'List groups (the default without --group)')
    .option('--group <id>', 'List the records of a group')
    .option('--search <text>', 'List records whose message or stack has this text, in whatever case')
    .option('--job <id>', 'Only those of this job')
    .option('--type <error-type>', "List records of this type, or of a prefix such as 'smtp.*'")
    .option('--job-type <name>', 'List records of jobs of this type')
    .option('--label <key=value>', 'List records of jobs with this label')
    .option('--tenant <name>', 'List records of this tenant')
    .option('--from <time>', 'List records from then on: 2026-11-01, 2026-11-01T12:00Z, or how long ago: 30m, 24h, 7d')
    .option('--to <time>', 'List records before then')
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
    .option('--watch', 'Show each record as it comes in, until Ctrl-C; with --json one value a line')
    .action(lazily(async () => (await import('./commands/errors.js')).errors));
  add('error', '<id>').action(lazily(async () => (await import('./commands/error.js')).error));
  add('analyze', '')
    .option('--from <time>', 'From then on: 2026-11-01, 2026-11-01T12:00Z, or how long ago: 30m, 24h, 7d')
    .option('--to <time>', 'Before then')
    .option('--error-type <type>', "Only failures of this type, or a prefix such as 'smtp.*'; may be given again", oneMore)
    .option('--job <id>', 'Only failures of this job; may be given again', oneMore)
    .action(lazily(async () => (await import('./commands/analyze.js')).analyze));
  add('recover', '[target] [recovery]')
    .option(
      '--param <key=value>',
      'Laid over the payload of each task; may be given again. VALUE is read as JSON where it is JSON, else as text',
      keyValues,
    )
    .option('--job <id>', 'With a GROUP: only the records of this job')
    .option('--from-step <name>', 'Run this step anew and all behind it, instead of what is left after the last that was kept')
    .option('--force', 'Also while a retry is scheduled or the outcome unknown')
    .option('--ignore-conditions', 'Do not ask the retry conditions again')
    .optionsGroup('Options of a recovery that runs a few first:')
    .option('--group <id>', 'Recover this group so: a few first, and then the others')
    .option(
      '--type <error-type>',
      "Only failures of this type, or of a prefix such as 'smtp.*'; of all groups where none is named",
    )
    .option('--label <key=value>', 'Only failures of jobs with this label')
    .option('--canary <number>', 'So many records first; 0 for none (default 5)', wholeNumber)
    .option('--min-success <share>', 'The share of them that has to recover, from 0 to 1 (default 0.8)', decimal)
    .option('--rate <number>', 'Records a second, at most (default 10)', decimal)
    .option('--key <text>', 'An idempotency key: the same gives the same recovery')
    .option(
      '--when <condition>',
      'Wait until it holds, also of a RECORD or GROUP; may be given again: approval [ROLE], dependency TYPE [SECONDS], job ID [ended], window HH:MM-HH:MM [ZONE]',
      oneMore,
    )
    .option('--give-up-after <seconds>', 'With --when: wait at most so long, and then stop (default 7 days)', wholeNumber)
    .option('--dry-run', 'Only say what it comes to')
    .option('--no-wait', 'Come back at once; the recovery goes on')
    .optionsGroup('Options of list and items:')
    .option('--limit <number>', 'At most so many, 1 to 200 (default 20)', wholeNumber, pageSize)
    .option('--cursor <cursor>', 'Go on after an earlier page')
    .action(lazily(async () => (await import('./commands/recover.js')).recover));
  addPolicyCommand(add);
}

function addPolicyCommand(add: AddCommand): void {
  add('policy', '')
    .addArgument(actionOrList(policyActions))
    .argument('[target]')
    .optionsGroup('Options of set, and of test, which only tries them:')
    .option('--max-attempts <number>', 'Runs of a task, the first included', wholeNumber)
    .option('--initial-delay <seconds>', 'Before the first retry', decimal)
    .option('--max-delay <seconds>', 'Longest delay', decimal)
    .option('--backoff <factor>', 'How much longer each delay is than the one before', decimal)
    .addOption(
      new Option('--jitter <kind>', 'full: up to the delay; equal: from half of it; none: exact').choices([
        'full',
        'equal',
        'none',
      ]),
    )
    .option('--max-retry-after <seconds>', 'Longest delay that a failure may ask for', decimal)
    .option('--when <condition>', 'Retry only while it holds; may be given again; none takes all away', oneMore)
    .option('--rule <rule>', 'The first that applies decides; may be given again, in order; none takes all away', oneMore)
    .option('--file <file>', 'The whole policy as JSON; - is standard input')
    .optionsGroup('Options of diff and revert:')
    .option('--from <version>', 'With diff: the earlier version', atLeastOne)
    .option('--to <version>', 'The later version, or the one to bring back', atLeastOne)
    .optionsGroup('Options of test with a TYPE:')
    .option('--message <text>', 'What the handler says')
    .option('--attempt <number>', 'The run that failed (default 1)', atLeastOne)
    .option('--label <key=value>', 'A label of the job; may be given again', keyValues)
    .action(lazily(async () => (await import('./commands/policy.js')).policy));
}
