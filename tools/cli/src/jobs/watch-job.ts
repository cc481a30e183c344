import type { Client } from '@kintsugi/client';
import type { Output } from '../terminal/output.js';
import { advance, progressOf, settledTasks } from './job-progress.js';
import { Pace } from './pace.js';
import { progressFrame } from './progress-frame.js';

export interface WatchOptions {
  /** Ends the watching with its reason; the job goes on. */
  signal: AbortSignal;
  /** Lines below the progress. */
  notes?: () => string[];
  /** Leaves the last of it on the screen. */
  stays?: boolean;
}

const tickEveryMs = 250;

/** Shows how a job goes until it has ended. */
export async function watchJob(
  client: Client,
  jobId: string,
  output: Output,
  { signal, notes, stays }: WatchOptions,
): Promise<void> {
  const job = await client.getJob(jobId);
  const live = output.live();
  const pace = new Pace();
  let progress = progressOf(job);
  const show = (): void => {
    pace.add(performance.now(), settledTasks(progress));
    const elapsedMs = Date.now() - Date.parse(job.created_at);
    const frame = progressFrame(progress, { perSecond: pace.perSecond(), elapsedMs }, output);
    live.show({ ...frame, lines: [...frame.lines, ...(notes?.() ?? [])] });
  };
  const ticking = setInterval(show, tickEveryMs);
  try {
    for await (const event of client.followJob(jobId, { signal })) {
      progress = advance(progress, event);
      show();
    }
    if (!stays) live.clear();
  } finally {
    clearInterval(ticking);
    live.end();
  }
}
