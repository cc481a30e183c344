import { Command, CommanderError, InvalidArgumentError, type OutputConfiguration } from 'commander';
import { unknownNames, type Selection } from './bench-plan.js';
import { measurementNames, systemNames } from './domain/systems.js';

/** What `kintsugi bench` was asked for. */
export interface BenchFlags extends Selection {
  json?: boolean;
  write?: boolean;
}

export type FlagsReading = { kind: 'flags'; flags: BenchFlags } | { kind: 'help' } | { kind: 'fault' };

const runsMax = 50;

/** Reads the command line; a fault is told on standard error, help on standard output. */
export function readFlags(argv: readonly string[], output: OutputConfiguration = {}): FlagsReading {
  const command = new Command('bench')
    .description('Measures the platform against BullMQ, graphile-worker, DBOS and Restate, in one run.')
    .option('--quick', 'smaller and fewer runs')
    .option('--json', 'one JSON object on standard output')
    .option('--runs <number>', 'runs of each measurement', runsOf)
    .option('--only <names>', 'measurements, systems or both, comma separated', namesOf)
    .option('--write', 'write docs/performance.md also when --quick or --only is given')
    .allowExcessArguments(false)
    .configureOutput(output)
    .exitOverride();
  try {
    return { kind: 'flags', flags: command.parse(argv, { from: 'user' }).opts<BenchFlags>() };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: error.exitCode === 0 ? 'help' : 'fault' };
  }
}

function namesOf(value: string): string[] {
  const only = value.split(',').map((name) => name.trim());
  const unknown = unknownNames(only);
  if (unknown.length === 0) return only;
  const known = [...measurementNames, ...systemNames].join(', ');
  throw new InvalidArgumentError(`${unknown.join(', ')} is unknown; there are ${known}.`);
}

function runsOf(value: string): number {
  if (/^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= runsMax) return Number(value);
  throw new InvalidArgumentError(`A whole number from 1 to ${runsMax} is wanted.`);
}
