import { Argument, Command, CommanderError, Option } from 'commander';
import type { AddCommand } from './add-command.js';
import { addAuditCommands } from './audit-commands.js';
import { addBackupCommands } from './backup-commands.js';
import { addDeadLetterCommands } from './dead-letter-commands.js';
import { addDeleteCommand } from './delete-command.js';
import { addErrorCommands } from './error-commands.js';
import { addExternalCommands } from './external-commands.js';
import { Failure } from './failure.js';
import { addGroupCommands } from './group-commands.js';
import { helpText } from './help-text.js';
import { withHistoryFilters } from './history-filter-options.js';
import { historyGroupFields, jobStatuses } from './option-choices.js';
import { addLiveCommands } from './live-commands.js';
import { lazily } from './lazy-command.js';
import { actionOrList, atLeastOne, decimal, keyValues, oneMore, oneMoreOf, pageSize, wholeNumber } from './option-values.js';
import { addLogCommands } from './log-commands.js';
import { addPoolCommands } from './pool-commands.js';
import { addScheduleCommands } from './schedule-commands.js';
import { addAlertCommands } from './alert-commands.js';
import { addWebhookCommands } from './webhook-commands.js';

/** The commands of `kintsugi` with their arguments and options. What they do is loaded when they are called. */
export function createProgram(): Command {
  const program = new Command('kintsugi');
  const add: AddCommand = (name, usage) => withManners(program.command(`${name} ${usage}`.trim()), name);
  const addConnected: AddCommand = (name, usage) => withConnection(add(name, usage));
  withManners(program, 'kintsugi');
  addPlatformCommands(add);
  addBackupCommands(add);
  addJobCommands(add);
  addCommandsAsJobs(add);
  addExternalCommands(addConnected);
  addLogCommands(addConnected);
  addControlCommands(add);
  addDeleteCommand(addConnected);
  addErrorCommands(addConnected);
  addGroupCommands(addConnected);
  addScheduleCommands(addConnected);
  addWebhookCommands(addConnected);
  addAlertCommands(addConnected);
  addAuditCommands(addConnected);
  addDeadLetterCommands(addConnected);
  addPoolCommands(addConnected);
  addLiveCommands(addConnected);
  addDemonstrations(add);
  return program;
}

function addPlatformCommands(add: AddCommand): void {
  add('up', '')
    .option('--detach', 'Leave it running in the background once it is ready')
    .option('--port <number>', 'Port of the API (API_PORT, default 8000)')
    .option('--nats-port <number>', 'Port of nats-server (NATS_PORT, default 4222)')
    .option('--mongo-port <number>', 'Port of mongod (MONGO_PORT, default 27117)')
    .option('--workers <number>', 'Worker processes of each program (WORKERS, default 1)')
    .addOption(
      new Option(
        '--auth <on|off>',
        'Ask for API keys, and for credentials at both servers (AUTH, default off on loopback)',
      ).choices(['on', 'off']),
    )
    .option('--monitoring', 'Run Prometheus and Alertmanager beside it (MONITORING, default off)')
    .option('--home <folder>', 'Data, logs and state (KINTSUGI_HOME, default .kintsugi)')
    .option('--json', 'One JSON value on standard output once it is ready')
    .action(lazily(async () => (await import('./commands/up.js')).up));
  add('down', '')
    .option('--home <folder>', 'Data, logs and state (KINTSUGI_HOME, default .kintsugi)')
    .option('--json', 'One JSON value on standard output')
    .action(lazily(async () => (await import('./commands/down.js')).down));
  add('status', '')
    .option('--home <folder>', 'Data, logs and state (KINTSUGI_HOME, default .kintsugi)')
    .option('--json', 'One JSON value on standard output')
    .action(lazily(async () => (await import('./commands/status.js')).status));
  withConnection(add('health', '')).action(lazily(async () => (await import('./commands/health.js')).health));
  add('migrate', '')
    .addArgument(new Argument('<action>').choices(['status', 'up']))
    .option('--home <folder>', "The platform's home (KINTSUGI_HOME, default .kintsugi)")
    .option('--json', 'One JSON value on standard output')
    .action(lazily(async () => (await import('./commands/migrate.js')).migrate));
  add('keys', '')
    .addArgument(actionOrList(['list', 'create', 'rotate', 'revoke']))
    .argument('[name]')
    .addOption(
      new Option(
        '--role <role>',
        'viewer (default), operator or admin: each may do what the one before it may, and more',
      ).choices(['viewer', 'operator', 'admin']),
    )
    .option(
      '--tenant <name>',
      `Bind the key to a tenant: its jobs are that tenant's, and those of others are not there for it (default: bound to none, its jobs are those of the tenant "default")`,
    )
    .option('--expires <time>', 'When the key ends: 2027-03-31, or 2027-03-31T18:00:00Z')
    .option(
      '--overlap <seconds>',
      'How long the key that was rotated is still accepted, so that its users can change over (default 0)',
      wholeNumber,
    )
    .option('--all', 'Also keys that have expired or were revoked')
    .option('--home <folder>', "The platform's home (KINTSUGI_HOME, default .kintsugi)")
    .option('--json', 'One JSON value on standard output')
    .action(lazily(async () => (await import('./commands/keys.js')).keys));
}

function addSubmit(add: AddCommand): void {
  withConnection(add('submit', '<file>'))
    .option('--type <name>', 'Which handler runs the tasks')
    .option('--product <id>', 'product_id')
    .option('--group <id>', 'sending_group_id')
    .option('--user <id>', 'user_id')
    .option('--priority <number>', '0 to 9, 9 goes first (default 5)', wholeNumber)
    .option('--max-parallel <number>', 'Most tasks that run at once', wholeNumber)
    .option('--label <key=value>', 'A label; may be given again', keyValues)
    .option('--run-at <time>', 'Not to run before, such as 2027-01-31T06:00:00Z')
    .option('--deadline <time>', 'When it has to be over; what is left then is stopped')
    .option('--after <job-id>', 'A job that has to be completed first; may be given again', oneMore)
    .option('--timeout <seconds>', 'Longest that one run of a task may take', decimal)
    .addOption(new Option('--safety <class>', 'idempotent (default), keyed or unsafe').choices(['idempotent', 'keyed', 'unsafe']))
    .option('--idempotency-key <key>', 'The same key makes one job, for seven days')
    .option('--unique <key>', 'Make no second job while one that has not ended holds the key')
    .addOption(
      new Option('--on-conflict <what>', 'While one holds it: reject (default), return it or replace it').choices([
        'reject',
        'return',
        'replace',
      ]),
    )
    .option('--validate-only', 'Say what would happen, rule by rule; store nothing')
    .option('--watch', 'Follow the job to its end')
    .action(lazily(async () => (await import('./commands/submit.js')).submit));
}

function addJobCommands(add: AddCommand): void {
  addSubmit(add);
  withConnection(add('jobs', ''))
    .addOption(
      new Option(
        '--status <status>',
        'Only these: scheduled, pending, running, paused, recovering, cancelling, completed, failed, cancelled; may be given again',
      )
        .choices(jobStatuses)
        .argParser(oneMoreOf(jobStatuses)),
    )
    .option('--type <name>', 'Only jobs of this type')
    .option('--product <id>', 'Only jobs of this product_id')
    .option('--group <id>', 'Only jobs of this sending_group_id')
    .option('--label <key=value>', 'Only jobs with this label')
    .option('--limit <number>', 'At most so many, 1 to 200 (default 20)', wholeNumber, pageSize)
    .option('--cursor <cursor>', 'Go on after an earlier page')
    .action(lazily(async () => (await import('./commands/jobs.js')).jobs));
  withHistoryFilters(withConnection(add('history', '')), jobStatuses)
    .option(
      '--sums',
      'Also how many completed, how long they took, how many runs failed and when they came, over all that is found',
    )
    .addOption(
      new Option('--by <field>', 'The sums by each value, too: type, tenant, product_id, user_id or sending_group_id').choices(
        historyGroupFields,
      ),
    )
    .option('--oldest-first', 'The other way round')
    .option('--page <number>', 'The page (default 1)', atLeastOne, 1)
    .option('--limit <number>', 'Jobs of one page, 1 to 200 (default 20)', wholeNumber, pageSize)
    .option('--cursor <cursor>', 'Go on after an earlier page, however deep')
    .action(lazily(async () => (await import('./commands/history.js')).history));
  withConnection(add('job', '<id>'))
    .option('--watch', 'Follow it to its end; Ctrl-C leaves the job running')
    .option('--task <id>', 'The steps that its handler has kept of this task, instead of the job')
    .action(lazily(async () => (await import('./commands/job.js')).job));
  withConnection(add('why', '<id>')).action(lazily(async () => (await import('./commands/why.js')).why));
}

function addCommandsAsJobs(add: AddCommand): void {
  withConnection(add('run', '[command...]'))
    .option('--env <key=value>', 'An environment variable; may be given again', keyValues)
    .option('--cwd <folder>', "Where to run, within the worker's folder for commands, or the slot")
    .option('--pool <name>', 'Run it in a slot of this pool of git working copies')
    .option('--ref <ref>', 'A branch, tag or commit that the slot is to be at')
    .option('--timeout <seconds>', 'End it after so long', decimal)
    .option('--retries <number>', 'Runs after the first, while it fails (default 0)', wholeNumber)
    .option(
      '--data-types <file>',
      'Commands by kind of data, each a task of one job: {"data_types": [{"name": ..., "argv": [...]}]}',
    )
    .option('--product <id>', 'product_id of the job (default commands)')
    .option('--group <id>', 'sending_group_id of the job (default run)')
    .addOption(new Option('--safety <class>', 'idempotent (default), keyed or unsafe').choices(['idempotent', 'keyed', 'unsafe']))
    .action(lazily(async () => (await import('./commands/run.js')).run));
}

function addControlCommands(add: AddCommand): void {
  withConnection(add('pause', '<id>'))
    .option(
      '--stop',
      'Stop what runs too: it is handed back, and the run does not count as an attempt. Unsafe tasks that run go on.',
    )
    .action(lazily(async () => (await import('./commands/pause.js')).pause));
  withConnection(add('resume', '<id>')).action(lazily(async () => (await import('./commands/resume.js')).resume));
  withConnection(add('priority', '<id>'))
    .argument('<priority>', '', wholeNumber)
    .action(lazily(async () => (await import('./commands/priority.js')).priority));
  withConnection(add('cancel', '<id>')).action(lazily(async () => (await import('./commands/cancel.js')).cancel));
}

function addDemonstrations(add: AddCommand): void {
  add('demo', '')
    .addArgument(new Argument('[what]').choices(['newsletter', 'pool']).default('newsletter'))
    .option('--csv <file>', 'Newsletter: recipients of yours, with the same columns')
    .option('--tasks <number>', 'Newsletter: how many recipients (default 10000)', atLeastOne)
    .option('--seed <seed>', 'Newsletter: another course of the same world (default 1)')
    .option('--keep', 'Leave everything up, and say where it is and how to stop it')
    .option('--json', 'One JSON value on standard output at the end; "dead" and "groups" are as they were before the repair')
    .action(lazily(async () => (await import('./commands/demo.js')).demo));
  add('bench', '')
    .option('--quick', 'Smaller and fewer runs: minutes instead of many')
    .option('--runs <number>', 'Runs of each measurement')
    .option('--only <names>', 'Measurements, systems or both, comma separated')
    .option('--write', 'Write docs/performance.md also with --quick or --only')
    .option('--json', 'One JSON value on standard output: every figure by name, and ratios')
    .action(lazily(async () => (await import('./commands/bench.js')).bench));
  add('chaos', '')
    .option('--seed <number>', 'The sequence of faults and jobs (default: one by chance)', wholeNumber)
    .option('--minutes <number>', 'How long (default: 5)', decimal)
    .option(
      '--only <names>',
      'Faults, comma separated: kill, term, kill-all, pause, pause-all, broker-files-lost, broker-rolled-back, disk-full',
    )
    .option('--write', 'Write what was found to docs/reliability.md')
    .option('--json', 'One JSON value on standard output, progress on standard error')
    .action(lazily(async () => (await import('./commands/chaos.js')).chaos));
}

/** Options of every command that talks to the API. */
function withConnection(command: Command): Command {
  return command
    .option('--url <url>', 'The API, when it is elsewhere (KINTSUGI_URL)')
    .option('--home <folder>', "The platform's home (KINTSUGI_HOME)")
    .option('--json', 'One JSON value on standard output');
}

/** Help from its file, and faults as failures instead of an exit. */
function withManners(command: Command, name: string): Command {
  command.helpInformation = () => helpText(name);
  return command
    .helpOption('-h, --help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
}

/** The failure that a fault of the command line amounts to; null for a help that was asked for. */
export function failureOfUsage(error: unknown, argv: string[]): Failure | null {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode === 0) return null;
  const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const command = argv.find((argument) => !argument.startsWith('-'));
  const known = command !== undefined && error.code !== 'commander.unknownCommand';
  const hint = /Did you mean (.*)\?\)/.exec(suggestion ?? '')?.[1];
  const advice = `${hint ? `Did you mean ${hint}? ` : ''}See ./kintsugi ${known ? `${command} ` : ''}--help`;
  return new Failure('USAGE', `${message.charAt(0).toUpperCase()}${message.slice(1)}.`.replace(/\.\.$/, '.'), { advice });
}
