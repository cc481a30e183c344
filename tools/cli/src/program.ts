import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { Failure } from './failure.js';
import { helpText } from './help-text.js';
import { lazily } from './lazy-command.js';

/** The commands of `kintsugi` with their arguments and options. What they do is loaded when they are called. */
export function createProgram(): Command {
  const program = new Command('kintsugi');
  const add = (name: string, usage: string): Command => withManners(program.command(`${name} ${usage}`.trim()), name);
  withManners(program, 'kintsugi');
  addPlatformCommands(add);
  addJobCommands(add);
  addErrorCommands(add);
  addDemonstrations(add);
  return program;
}

type Add = (name: string, usage: string) => Command;

function addPlatformCommands(add: Add): void {
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
}

function addJobCommands(_add: Add): void {}
function addErrorCommands(_add: Add): void {}
function addDemonstrations(_add: Add): void {}

export function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('A whole number is wanted.');
  return Number(value);
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
