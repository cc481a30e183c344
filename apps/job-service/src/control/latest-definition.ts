import { Injectable } from '@nestjs/common';
import { ProblemError, canonicalJson, parseExactly, type BatchJob, type RerunPlan, type TaskInput } from '@kintsugi/contracts';
import type { JobHandle } from '../directory/job-handle.js';
import { IncomingJobs } from '../intake/incoming-job.js';
import { definedHead, differencesOf, type DefinedHead } from './domain/definition-of-run.js';
import { lineAt } from './domain/rerun-chunk.js';
import { placesIn } from './rerun-reader.js';
import { digestAt, digestOfTask } from './run-reader.js';
import { ScheduledJobs } from './scheduled-jobs.js';

type Said = RerunPlan['definition'];

/** What a rerun is made of. */
export interface Definition {
  said: Said;
  /** What the new job is held to; null where it is held to what the job was. */
  head: DefinedHead | null;
  /** The lines of the tasks, by their places, where they are given by a schedule. */
  lines?: readonly string[];
  /** The run whose tasks, with what was laid over them, are those of the definition. */
  run?: JobHandle;
}

export function originalDefinition({ id }: Pick<BatchJob, 'id'>, asked: Said['asked'] = 'original'): Definition {
  return { said: { asked, from: 'job', name: id, differs: [], tasks_changed: 0 }, head: null };
}

/** What would be made of a job if it were made now. */
@Injectable()
export class LatestDefinition {
  constructor(
    private readonly scheduled: ScheduledJobs,
    private readonly incoming: IncomingJobs,
  ) {}

  /** @param runs all runs of the job, the oldest first */
  async of(job: JobHandle, total: number, runs: readonly JobHandle[]): Promise<Definition> {
    const view = job.view();
    const { schedule } = view.labels;
    const scheduled = schedule === undefined ? null : await this.scheduled.jobOf(schedule, view.tenant);
    if (schedule !== undefined && scheduled) return this.ofSchedule(job, total, schedule, JSON.stringify(scheduled));
    const run = runs.at(-1);
    if (!run || run.id === job.id) return originalDefinition(view, 'latest');
    const head = definedHead(run.view());
    const differs = differencesOf(definedHead(view), head);
    const tasks_changed = await changedIn(job, total, run);
    return { said: { asked: 'latest', from: 'run', name: run.id, differs, tasks_changed }, head, run };
  }

  private async ofSchedule(job: JobHandle, total: number, name: string, text: string): Promise<Definition> {
    const view = job.view();
    const { head: given, lines } = await this.incoming.read(Buffer.from(text), true);
    if (given.executor === 'external') throw otherJob(name, 'its jobs are run by their producer');
    if (given.type !== undefined && given.type !== view.type) throw otherJob(name, `it makes jobs of type ${given.type}`);
    const head = definedHead({ ...given, labels: { ...given.labels, schedule: name } });
    const said = { asked: 'latest', from: 'schedule', name, differs: differencesOf(definedHead(view), head) } as const;
    // Its tasks are made by a plan handler, at each tick others: those of the job stay.
    if (lines === null) return { said: { ...said, tasks_changed: 0 }, head };
    const fitted = await fittedLines(job, total, name, lines);
    return { said: { ...said, tasks_changed: fitted.changed }, head, lines: fitted.lines };
  }
}

/** The lines of a schedule at the places of the tasks of a job that it made. */
async function fittedLines(
  job: JobHandle,
  total: number,
  name: string,
  lines: readonly string[],
): Promise<{ lines: string[]; changed: number }> {
  if (lines.length !== total) throw otherJob(name, `it has ${lines.length} tasks now, and the job ${total}`);
  const inputs = lines.map((line) => parseExactly(line) as TaskInput);
  const byId = new Map(inputs.flatMap(({ id }, at) => (id === undefined ? [] : [[id, at] as const])));
  const fitted: string[] = [];
  let changed = 0;
  for await (const place of placesIn(job, total)) {
    const before = parseExactly(lineAt(place)) as TaskInput;
    const at = before.id === undefined ? fitted.length : byId.get(before.id);
    const now = at === undefined ? undefined : inputs[at];
    const called = before.id ?? place.chunk.taskId(place.index);
    if (at === undefined || now?.id !== before.id) throw otherJob(name, `it has no task ${called} any more`);
    if (canonicalJson(now?.depends_on ?? []) !== canonicalJson(before.depends_on ?? [])) {
      throw otherJob(name, `its task ${called} waits for others now`);
    }
    const line = lines[at] as string;
    if (digestOfTask(line) !== digestAt(place)) changed += 1;
    fitted.push(line);
  }
  return { lines: fitted, changed };
}

async function changedIn(job: JobHandle, total: number, run: JobHandle): Promise<number> {
  const others = placesIn(run, total);
  let changed = 0;
  for await (const place of placesIn(job, total)) {
    const other = await others.next();
    if (other.done) break;
    if (digestAt(place) !== digestAt(other.value)) changed += 1;
  }
  return changed;
}

function otherJob(name: string, why: string): ProblemError {
  return new ProblemError(
    'STATE_CONFLICT',
    `A part of the job cannot be run as the schedule ${name} says now: ${why}. Run it with definition: original, or make the job anew: ./kintsugi schedules trigger ${name}`,
  );
}
