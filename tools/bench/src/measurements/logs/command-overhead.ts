import type { Readings } from '../../domain/figure-book.js';
import { medianOf } from '../../domain/statistics.js';
import { runBare } from '../../load/bare-command.js';
import { monotonicMs } from '../../load/monotonic-clock.js';
import type { CommandJobs } from '../../platform/command-jobs.js';

const program = '/usr/bin/true';

/** What a command costs as a job, one after the other: from its submission until its end is told, beside a bare spawn of the same program just before. */
export async function measureCommandOverhead(jobs: CommandJobs, count: number): Promise<Readings> {
  const pairs: { job: number; spawn: number }[] = [];
  for (let n = 0; n < count; n += 1) {
    const startedAtMs = monotonicMs();
    await runBare(program, []);
    const spawn = monotonicMs() - startedAtMs;
    pairs.push({ spawn, job: (await jobs.run(['true'])).tookMs });
  }
  return {
    cli_overhead_ms: medianOf(pairs.map(({ job, spawn }) => job - spawn)),
    cli_job_ms: medianOf(pairs.map(({ job }) => job)),
    cli_spawn_ms: medianOf(pairs.map(({ spawn }) => spawn)),
  };
}
