import { ProblemError } from '@kintsugi/contracts';
import type { JobHandle } from '../directory/job-handle.js';
import { chunksOf } from '../intake/commands/copy-job.js';
import type { MakeChunk } from '../intake/commands/chunked-intake.js';
import { isRerun, type RerunRole } from './domain/plan-rerun.js';
import { rerunChunk, type CopiedTask, type TaskPlace } from './domain/rerun-chunk.js';
import type { Definition } from './latest-definition.js';
import { placesIn } from './rerun-reader.js';

/** What a rerun is made of, planned. */
export interface PlannedChunks {
  roles: readonly RerunRole[];
  definition: Definition;
  /** The run that holds the output of a task that is kept, where it is not the job itself. */
  heldBy: (at: number) => JobHandle | undefined;
  params: Record<string, unknown> | undefined;
}

/** The chunks of a rerun, which are those of the job: other runs are read beside it, a few chunks at a time, as far as they are needed. */
export async function* chunksToMake(
  job: JobHandle,
  total: number,
  { roles, definition, heldBy, params }: PlannedChunks,
): AsyncGenerator<MakeChunk[]> {
  const beside = new RunsBeside(total);
  let next = 0;
  for await (const chunks of chunksOf(job, total)) {
    const page: MakeChunk[] = [];
    for (const chunk of chunks) {
      const { from, to } = job.placesIn(chunk);
      const tasks: CopiedTask[] = [];
      for (let index = from; index < to; index += 1, next += 1) {
        const role = roles[next] ?? 'left_out';
        const before = { chunk, index };
        const again = isRerun(role);
        const run = again ? definition.run : role === 'reuse' ? heldBy(next) : undefined;
        const line = again ? definition.lines?.[next] : undefined;
        tasks.push({ role, before, from: run ? await beside.at(run, next) : before, line });
      }
      page.push((owner, sequence, at) => rerunChunk(owner, sequence, tasks, params, at));
    }
    yield page;
  }
}

/** Runs that are read in step with another: each is asked for later places only. */
class RunsBeside {
  private readonly reads = new Map<JobHandle, { places: AsyncGenerator<TaskPlace>; next: number }>();

  constructor(private readonly total: number) {}

  async at(run: JobHandle, at: number): Promise<TaskPlace> {
    let read = this.reads.get(run);
    if (!read) this.reads.set(run, (read = { places: placesIn(run, this.total), next: 0 }));
    for (;;) {
      const place = await read.places.next();
      read.next += 1;
      if (place.done) throw new ProblemError('STATE_CONFLICT', `The run ${run.id} is being deleted. Nothing was made.`);
      if (read.next > at) return place.value;
    }
  }
}
