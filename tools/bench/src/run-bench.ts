import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '@kintsugi/supervisor';
import { readFlags, type BenchFlags } from './bench-flags.js';
import { planOf, type BenchPlan } from './bench-plan.js';
import type { BenchResults } from './bench-results.js';
import { BenchRun } from './bench-run.js';
import { conditionsOfMachine } from './process/machine.js';
import { jsonReport } from './report/json-report.js';
import { performancePage } from './report/performance-page.js';
import { textReport } from './report/text-report.js';

/** What the shell is told; the same codes as those of the other commands. */
const exitCodes = { measured: 0, failed: 1, usage: 64, unavailable: 69, interrupted: 130 } as const;

/** Above this load average before the start, the machine was not ours alone. */
const quietLoadMax = 0.5;

/** `kintsugi bench`: measures us and the peers in one run, tells it on standard output, and resolves with the exit code. */
export async function runBench(argv: string[]): Promise<number> {
  const reading = readFlags(argv);
  if (reading.kind === 'help') return exitCodes.measured;
  if (reading.kind === 'fault') return exitCodes.usage;
  const { flags } = reading;
  if (process.platform !== 'linux') {
    process.stderr.write('The benchmark accounts for CPU time and memory with /proc, so it runs on Linux only.\n');
    return exitCodes.unavailable;
  }
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  const plan = planOf(flags);
  const tell = (text: string): void => void process.stderr.write(`${text}\n`);
  const { loadAverage } = conditionsOfMachine();
  if (loadAverage > quietLoadMax) {
    tell(`Other work runs on this machine (load average ${loadAverage.toFixed(1)}): rates will be low and ranges wide.`);
  }
  try {
    const results = await new BenchRun(plan, interrupted.signal, tell).measure();
    report(results, flags);
    if (writesPage(flags, plan)) {
      mkdirSync(join(repository, 'docs'), { recursive: true });
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

function report(results: BenchResults, { json }: BenchFlags): void {
  const text = json ? JSON.stringify(jsonReport(results)) : textReport(results).join('\n');
  process.stdout.write(`${text}\n`);
}

/** The page is for whole runs: a part or a small run would replace figures that are worth more. */
function writesPage({ write, only }: BenchFlags, { quick }: BenchPlan): boolean {
  return write ?? (!quick && only === undefined);
}

function exitCodeOf({ failedRuns, leftOut }: BenchResults): number {
  if (failedRuns.length > 0) return exitCodes.failed;
  return leftOut.length > 0 ? exitCodes.unavailable : exitCodes.measured;
}
