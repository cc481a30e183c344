import { writeFileSync } from 'node:fs';
import type { Readings } from '../../domain/figure-book.js';
import { logWriter, runBare } from '../../load/bare-command.js';
import { monotonicMs } from '../../load/monotonic-clock.js';
import type { CommandJobs } from '../../platform/command-jobs.js';
import { peakMb } from '../../process/process-figures.js';
import { perSecond } from '../bulk.js';

const bytesOfMegabyte = 1e6;

/** One task that writes as fast as it is read: at which rate, and by how much its worker grows over what it had when it was up. */
export async function measureOutputFlood(
  jobs: CommandJobs,
  worker: { pid: number; freshMb: number },
  bytes: number,
): Promise<Readings> {
  const bareAtMs = monotonicMs();
  await runBare(process.execPath, [logWriter, 'flood', String(bytes), '0']);
  const bareMs = monotonicMs() - bareAtMs;
  forgetPeak(worker.pid);
  const { tookMs } = await jobs.run(['log-writer', 'flood', String(bytes), '0']);
  return {
    output_mb_per_s: perSecond(bytes / bytesOfMegabyte, tookMs),
    output_bare_mb_per_s: perSecond(bytes / bytesOfMegabyte, bareMs),
    output_growth_mb: peakMb(worker.pid) - worker.freshMb,
  };
}

/** Has the kernel count the most memory of a process anew. */
function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
