import { Inject, Injectable } from '@nestjs/common';
import {
  isFinished,
  placeOfBundledJob,
  queueNeededBy,
  taskIdOf,
  withWaits,
  type BatchJob,
  type TaskStatus,
} from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { LiveJobs } from './live-jobs.js';

/** Jobs of a page; `begunIsUnknown` where job-service did not tell which of one task have begun, so that those stand as pending. */
interface MarkedJobs {
  jobs: BatchJob[];
  begunIsUnknown: boolean;
}

/**
 * What keeps jobs of a page from going on, and which of one task have begun, of which no event tells: job-service alone knows, and is
 * asked once a page, and only where one of them is open.
 */
@Injectable()
export class MarkWaitingJobs {
  constructor(@Inject(LiveJobs) private readonly live: Pick<LiveJobs, 'unserved' | 'wedged' | 'standing'>) {}

  async execute(jobs: BatchJob[], origin: Origin): Promise<MarkedJobs> {
    const queues = new Set(jobs.map(queueNeededBy).filter((queue) => queue !== null));
    const open = jobs.filter(({ status }) => !isFinished(status)).map(({ id }) => id);
    if (open.length === 0) return { jobs, begunIsUnknown: false };
    const mayHaveBegun = jobs.flatMap((job) => (job.status === 'pending' ? (onlyTaskOf(job) ?? []) : []));
    const [unserved, wedged, standing] = await Promise.all([
      queues.size === 0 ? [] : this.live.unserved([...queues], origin),
      this.live.wedged(open, origin),
      mayHaveBegun.length === 0 ? [] : this.live.standing(mayHaveBegun, origin),
    ]);
    const running = standing?.filter(({ job_status: status }) => status === 'running') ?? [];
    const begunIsUnknown = standing === null;
    if (unserved.length + wedged.size + running.length === 0) return { jobs, begunIsUnknown };
    const begun = new Map(running.map((task) => [task.task_id, task]));
    const lacking = new Set(unserved);
    const marked = jobs.map((job) => withWaits(asBegun(job, begun.get(onlyTaskOf(job) ?? '')), lacking, wedged.get(job.id)));
    return { jobs: marked, begunIsUnknown };
  }
}

/** The task of a job that was accepted together with others. */
function onlyTaskOf({ id }: BatchJob): string | null {
  const place = placeOfBundledJob(id);
  return place && taskIdOf(place.chunkId, place.index);
}

function asBegun(job: BatchJob, task: TaskStatus | undefined): BatchJob {
  if (!task) return job;
  const isHeld = task.state === 'leased' || task.state === 'running';
  return {
    ...job,
    status: 'running',
    task_counts: { ...job.task_counts, [task.state]: 1 },
    detailed_status: { ...job.detailed_status, current_phase: 'running', active_tasks: isHeld ? 1 : 0 },
  };
}
