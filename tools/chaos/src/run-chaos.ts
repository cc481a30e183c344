import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '@kintsugi/supervisor';
import type { ChaosFlags } from './chaos-flags.js';
import { ChaosRun } from './chaos-run.js';
import { exitCodeOf } from './domain/exit-code.js';
import { faultKindNames } from './domain/fault.js';
import { recoveryBars } from './domain/recovery-bars.js';
import type { ChaosResults } from './domain/results.js';
import { hasPrivateMounts, refusalOfMounts, runWithPrivateMounts } from './process/private-mounts.js';
import { reliabilityPage } from './report/reliability-page.js';
import { textReport } from './report/text-report.js';

const minutesDefault = 5;
const pauseMsMax = 30_000;
const seedMax = 1_000_000_000;

/** `kintsugi chaos`: breaks a platform of its own for so long, tells what held, and resolves with the exit code. */
export async function runChaos(flags: ChaosFlags): Promise<number> {
  const wanted = flags.only ?? faultKindNames;
  const refusal = wanted.includes('disk_full') ? refusalOfMounts() : null;
  if (wanted.includes('disk_full') && refusal === null && !hasPrivateMounts()) return runWithPrivateMounts();
  const kinds = refusal === null ? wanted : wanted.filter((kind) => kind !== 'disk_full');
  const leftOut = refusal === null ? [] : [{ kind: 'disk_full' as const, reason: refusal }];
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  const tell = (text: string): void => void process.stderr.write(`${text}\n`);
  const seed = flags.seed ?? Math.floor(Math.random() * seedMax);
  const minutes = flags.minutes ?? minutesDefault;
  tell(`Seed ${seed}, ${minutes} minutes. Ctrl-C ends it early, with what was found so far.`);
  for (const { kind, reason } of leftOut) tell(`Left out: ${kind.replaceAll('_', ' ')}, because ${reason}.`);
  try {
    const results = await new ChaosRun({ seed, minutes, kinds, leftOut, pauseMsMax }, interrupted.signal, tell).measure();
    report(results, flags);
    return exitCodeOf(results);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
  }
}

function report(results: ChaosResults, { json, write }: ChaosFlags): void {
  process.stdout.write(
    `${json ? JSON.stringify({ ...results, bars: recoveryBars(results.recoveries) }) : textReport(results).join('\n')}\n`,
  );
  if (!write) return;
  mkdirSync(join(repository, 'docs'), { recursive: true });
  writeFileSync(join(repository, 'docs', 'reliability.md'), reliabilityPage(results));
  process.stderr.write('docs/reliability.md is written.\n');
}
