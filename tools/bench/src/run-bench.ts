import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { repository } from '@kintsugi/supervisor';
import { planOf, unknownNames, type BenchFlags, type BenchPlan } from './bench-plan.js';
import type { BenchResults } from './bench-results.js';
import { BenchRun } from './bench-run.js';
import { measurementNames, systemNames } from './domain/systems.js';
import { jsonReport } from './report/json-report.js';
import { performancePage } from './report/performance-page.js';
import { textReport } from './report/text-report.js';

interface Flags extends BenchFlags {
  json?: boolean;
  write?: boolean;
}

/** What the shell is told; the same codes as those of the other commands. */
const exitCodes = { measured: 0, failed: 1, usage: 64, unavailable: 69, interrupted: 130 } as const;

const runsMax = 50;

/** `kintsugi bench`: measures us and the peers in one run, tells it on standard output, and resolves with the exit code. */
export async function runBench(argv: string[]): Promise<number> {
  const flags = flagsOf(argv);
  if (typeof flags === 'number') return flags;
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  const plan = planOf(flags);
  const tell = (text: string): void => void process.stderr.write(`${text}\n`);
  try {
    const results = await new BenchRun(plan, interrupted.signal, tell).measure();
    report(results, flags);
    if (writesPage(flags, plan)) {
      writeFileSync(join(repository, 'docs', 'performance.md'), performancePage(results));
      tell('docs/performance.md is written.');
    }
    return exitCodeOf(results);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    tell('Stopped; nothing is left behind.');
    return exitCodes.interrupted;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
  }
}

function flagsOf(argv: string[]): Flags | number {
  const names = (value: string): string[] => {
    const only = value.split(',').map((name) => name.trim());
    const unknown = unknownNames(only);
    if (unknown.length === 0) return only;
    const known = [...measurementNames, ...systemNames].join(', ');
    throw new InvalidArgumentError(`${unknown.join(', ')} is unknown; there are ${known}.`);
  };
  const runs = (value: string): number => {
    if (/^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= runsMax) return Number(value);
    throw new InvalidArgumentError(`A whole number from 1 to ${runsMax} is wanted.`);
  };
  const command = new Command('bench')
    .description('Measures the platform against BullMQ and graphile-worker, in one run.')
    .option('--quick', 'smaller and fewer runs')
    .option('--json', 'one JSON object on standard output')
    .option('--runs <number>', 'runs of each measurement', runs)
    .option('--only <names>', 'measurements, systems or both, comma separated', names)
    .option('--write', 'write docs/performance.md also when --quick or --only is given')
    .exitOverride();
  try {
    return command.parse(argv, { from: 'user' }).opts<Flags>();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.measured : exitCodes.usage;
  }
}

function report(results: BenchResults, { json }: Flags): void {
  const text = json ? JSON.stringify(jsonReport(results)) : textReport(results).join('\n');
  process.stdout.write(`${text}\n`);
}

/** The page is for whole runs: a part or a small run would replace figures that are worth more. */
function writesPage({ write, only }: Flags, { quick }: BenchPlan): boolean {
  return write ?? (!quick && only === undefined);
}

function exitCodeOf({ failedRuns, leftOut }: BenchResults): number {
  if (failedRuns.length > 0) return exitCodes.failed;
  return leftOut.length > 0 ? exitCodes.unavailable : exitCodes.measured;
}
