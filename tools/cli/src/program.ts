import { Argument, Command, CommanderError, Option } from 'commander';
import type { AddCommand } from './add-command.js';
import { addExternalCommands } from './external-commands.js';
import { Failure } from './failure.js';
import { addGroupCommands } from './group-commands.js';
import { helpText } from './help-text.js';
import { jobStatuses } from './job-statuses.js';
import { lazily } from './lazy-command.js';
import { atLeastOne, decimal, keyValues, oneMore, oneMoreOf, pageSize, wholeNumber } from './option-values.js';
import { addPoolCommands } from './pool-commands.js';

/** The commands of `kintsugi` with their arguments and options. What they do is loaded when they are called. */
export function createProgram(): Command {
  const program = new Command('kintsugi');
  const add: AddCommand = (name, usage) => withManners(program.command(`${name} ${usage}`.trim()), name);
  const addConnected: AddCommand = (name, usage) => withConnection(add(name, usage));
  withManners(program, 'kintsugi');
  addPlatformCommands(add);
  addJobCommands(add);
  addCommandsAsJobs(add);
  addExternalCommands(addConnected);
  addControlCommands(add);
  addErrorCommands(add);
  addGroupCommands(addConnected);
  addPoolCommands(addConnected);
  addDemonstrations(add);
  return program;
}

function addPlatformCommands(add: AddCommand): void {
  add('up', '')
    .option('--detach')
    .option('--port <number>')
    .option('--nats-port <number>')
    .option('--mongo-port <number>')
    .option('--workers <number>')
    .addOption(new Option('--auth <mode>').choices(['on', 'off']))
    .option('--home <folder>')
    .option('--json')
    .action(lazily(async () => (await import('./commands/up.js')).up));
  add('down', '')
    .option('--home <folder>')
    .option('--json')
    .action(lazily(async () => (await import('./commands/down.js')).down));
  add('status', '')
    .option('--home <folder>')
    .option('--json')
    .action(lazily(async () => (await import('./commands/status.js')).status));
  withConnection(add('health', '')).action(lazily(async () => (await import('./commands/health.js')).health));
  add('migrate', '')
    .addArgument(new Argument('<action>').choices(['status', 'up']))
    .option('--home <folder>')
    .option('--json')
    .action(lazily(async () => (await import('./commands/migrate.js')).migrate));
}

function addSubmit(add: AddCommand): void {
  withConnection(add('submit', '<file>'))
    .option('--type <name>')
    .option('--product <id>')
    .option('--group <id>')
    .option('--user <id>')
    .option('--priority <number>', '', wholeNumber)
    .option('--max-parallel <number>', '', wholeNumber)
    .option('--label <key=value>', '', keyValues)
    .option('--run-at <time>')
    .option('--deadline <time>')
    .option('--timeout <seconds>', '', decimal)
    .addOption(new Option('--safety <class>').choices(['idempotent', 'keyed', 'unsafe']))
    .option('--idempotency-key <key>')
    .option('--validate-only')
    .option('--watch')
    .action(lazily(async () => (await import('./commands/submit.js')).submit));
}

function addJobCommands(add: AddCommand): void {
  addSubmit(add);
  withConnection(add('jobs', ''))
    .addOption(new Option('--status <status>').choices(jobStatuses).argParser(oneMoreOf(jobStatuses)))
    .option('--type <name>')
    .option('--product <id>')
    .option('--group <id>')
    .option('--label <key=value>')
    .option('--limit <number>', '', wholeNumber, pageSize)
    .option('--cursor <cursor>')
    .action(lazily(async () => (await import('./commands/jobs.js')).jobs));
  withConnection(add('history', ''))
    .addOption(new Option('--status <status>').choices(jobStatuses).argParser(oneMoreOf(jobStatuses)))
    .option('--error-type <type>', '', oneMore)
    .option('--from <time>')
    .option('--to <time>')
    .option('--type <name>')
    .option('--product <id>')
    .option('--group <id>')
    .option('--user <id>')
    .option('--tenant <name>')
    .option('--label <key=value>')
    .option('--text <text>')
    .option('--min-ms <number>', '', wholeNumber)
    .option('--max-ms <number>', '', wholeNumber)
    .option('--sums')
    .option('--oldest-first')
    .option('--page <number>', '', atLeastOne, 1)
    .option('--limit <number>', '', wholeNumber, pageSize)
    .option('--cursor <cursor>')
    .action(lazily(async () => (await import('./commands/history.js')).history));
  withConnection(add('job', '<id>'))
    .option('--watch')
    .action(lazily(async () => (await import('./commands/job.js')).job));
  withConnection(add('why', '<id>')).action(lazily(async () => (await import('./commands/why.js')).why));
  withConnection(add('schedules', ''))
    .addArgument(new Argument('<action>').choices(['list', 'show', 'create', 'update', 'pause', 'resume', 'trigger', 'delete']))
    .argument('[name]')
    .option('--cron <line>')
    .option('--every <seconds>', '', wholeNumber)
    .option('--time-zone <name>')
    .addOption(new Option('--catch-up <which>').choices(['none', 'last', 'all']))
    .addOption(new Option('--overlap <rule>').choices(['skip', 'queue', 'replace', 'allow']))
    .option('--jitter <seconds>', '', wholeNumber)
    .option('--job <file>')
    .option('--limit <number>', '', wholeNumber, pageSize)
    .option('--cursor <cursor>')
    .action(lazily(async () => (await import('./commands/schedules.js')).schedules));
}

function addCommandsAsJobs(add: AddCommand): void {
  withConnection(add('run', '[command...]'))
    .option('--env <key=value>', '', keyValues)
    .option('--cwd <folder>')
    .option('--timeout <seconds>', '', decimal)
    .option('--retries <number>', '', wholeNumber)
    .option('--data-types <file>')
    .option('--product <id>')
    .option('--group <id>')
    .addOption(new Option('--safety <class>').choices(['idempotent', 'keyed', 'unsafe']))
    .action(lazily(async () => (await import('./commands/run.js')).run));
}

function addControlCommands(add: AddCommand): void {
  withConnection(add('pause', '<id>'))
    .option('--stop')
    .action(lazily(async () => (await import('./commands/pause.js')).pause));
  withConnection(add('resume', '<id>')).action(lazily(async () => (await import('./commands/resume.js')).resume));
  withConnection(add('priority', '<id>'))
    .argument('<priority>', '', wholeNumber)
    .action(lazily(async () => (await import('./commands/priority.js')).priority));
  withConnection(add('delete', '<id>'))
    .option('--force')
    .action(lazily(async () => (await import('./commands/delete.js')).deleteJob));
  withConnection(add('cancel', '<id>')).action(lazily(async () => (await import('./commands/cancel.js')).cancel));
}

function addErrorCommands(add: AddCommand): void {
  withConnection(add('errors', '[record]'))
    .option('--groups')
    .option('--group <id>')
    .option('--job <id>')
    .addOption(new Option('--status <status>').choices(['pending', 'in_progress', 'recovered', 'failed']))
    .option('--limit <number>', '', wholeNumber, pageSize)
    .option('--cursor <cursor>')
    .action(lazily(async () => (await import('./commands/errors.js')).errors));
  withConnection(add('analyze', ''))
    .option('--from <time>')
    .option('--to <time>')
    .option('--error-type <type>', '', oneMore)
    .option('--job <id>', '', oneMore)
    .action(lazily(async () => (await import('./commands/analyze.js')).analyze));
  withConnection(add('recover', '<target>'))
    .option('--param <key=value>', '', keyValues)
    .option('--job <id>')
    .option('--force')
    .option('--ignore-conditions')
    .action(lazily(async () => (await import('./commands/recover.js')).recover));
  withConnection(add('retry-config', ''))
    .addArgument(new Argument('<action>').choices(['list', 'set', 'unset']))
    .argument('[error-type]')
    .option('--max-attempts <number>', '', wholeNumber)
    .option('--initial-delay <seconds>', '', decimal)
    .option('--max-delay <seconds>', '', decimal)
    .option('--backoff <factor>', '', decimal)
    .action(lazily(async () => (await import('./commands/retry-config.js')).retryConfig));
  add('keys', '')
    .addArgument(new Argument('<action>').choices(['list', 'create', 'rotate', 'revoke']))
    .argument('[name]')
    .addOption(new Option('--role <role>').choices(['viewer', 'operator', 'admin']))
    .option('--tenant <name>')
    .option('--expires <time>')
    .option('--overlap <seconds>', '', wholeNumber)
    .option('--all')
    .option('--home <folder>')
    .option('--json')
    .action(lazily(async () => (await import('./commands/keys.js')).keys));
}

function addDemonstrations(add: AddCommand): void {
  add('demo', '')
    .option('--csv <file>')
    .option('--tasks <number>', '', atLeastOne)
    .option('--seed <seed>', '', '1')
    .option('--keep')
    .option('--json')
    .action(lazily(async () => (await import('./commands/demo.js')).demo));
  add('bench', '')
    .option('--quick')
    .option('--runs <number>')
    .option('--only <names>')
    .option('--write')
    .option('--json')
    .action(lazily(async () => (await import('./commands/bench.js')).bench));
  add('chaos', '')
    .option('--seed <number>', '', wholeNumber)
    .option('--minutes <number>', '', decimal)
    .option('--only <names>')
    .option('--write')
    .option('--json')
    .action(lazily(async () => (await import('./commands/chaos.js')).chaos));
}

/** Options of every command that talks to the API. */
function withConnection(command: Command): Command {
  return command.option('--url <url>').option('--home <folder>').option('--json');
}

/** Help from the hand-written file, and faults as failures instead of an exit. */
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
