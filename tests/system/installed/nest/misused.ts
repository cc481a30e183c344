import { OnJobEvent, TaskHandler } from '@kintsugi/nestjs';
import type { EventOfJob, TaskContext } from '@kintsugi/worker-sdk';
import { greet } from '../jobs.js';

/** What the compiler must refuse, as in the other file of misuse. */
export class Misused {
  // @ts-expect-error: the payload has no title
  @TaskHandler(greet)
  greet({ task }: TaskContext<{ title: string }>) {
    return { greeting: task.payload.title, year: 2026 };
  }

  // @ts-expect-error: this is told of failures
  @OnJobEvent('job.failed')
  remember({ data }: EventOfJob<'job.planned'>) {
    return data.total_tasks;
  }
}
