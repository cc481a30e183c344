import type { BatchJob, JobWait, TaskState } from '@kintsugi/contracts';
import { etaOf, rounded, type QueuePlace } from './queue-place.js';
import { blank, counted, namesMax, namesOf, tasksWords, workerNames, workersWords } from './wait-words.js';
import { waitOfResources, waitOfRoom } from './waits-for-room.js';

/** Tasks of a job in one state, as far as they were looked at. */
export interface TasksInState {
  firstDue: number | null;
  lastDue: number | null;
  since: number | null;
}

export interface JobSituation {
  job: Pick<BatchJob, 'id' | 'status' | 'type' | 'total_tasks' | 'max_parallel_tasks' | 'created_at' | 'run_at' | 'waits_for'>;
  counts: Partial<Record<TaskState, number>>;
  /** More of its tasks that max_parallel_tasks allows with workers. */
  freeSlots: number;
  /** What the limits of its keys say, where one keeps it from running more. */
  limits: {
    concurrency: { key: string; limit: number; holders: readonly string[] } | null;
    rate: { key: string; perSecond: number; dueMs: number } | null;
  };
  place: QueuePlace;
  /** The first of its tasks that others wait for, and that wait for none themselves. */
  holders?: readonly string[];
  inState: ReadonlyMap<TaskState, TasksInState>;
  /** How the first of the jobs stand that it waits for. */
  awaited?: ReadonlyMap<string, BatchJob['status']>;
}

/** What a job waits for now, from what is known of it. The same situation always gives the same answer. */
export function waitsOfJob(situation: JobSituation, now: number): JobWait[] {
  const waits = waitOfJobs(situation);
  if (situation.job.status === 'scheduled') {
    const isTimed = Date.parse(situation.job.run_at ?? '') > now || waits.length === 0;
    return isTimed ? [...waits, scheduledWait(situation.job, now)] : waits;
  }
  if (situation.job.total_tasks === null) waits.push(...waitOfPlanning(situation));
  else waits.push(...waitOfReady(situation));
  waits.push(...waitOfBlocked(situation), ...waitOfRetries(situation, now), ...waitsForPeople(situation));
  return waits;
}

/** What the job as a whole waits for: others that go before it. */
function waitOfJobs({ job, awaited = new Map() }: JobSituation): JobWait[] {
  const ids = job.waits_for ?? [];
  if (ids.length === 0) return [];
  const first = ids.slice(0, namesMax);
  const words = first.map((id) => (awaited.has(id) ? `${id} (${awaited.get(id)})` : id)).join(', ');
  const others = ids.length > first.length ? ` and ${ids.length - first.length} more` : '';
  return [
    {
      ...blank('DEPENDENCY', job.total_tasks),
      what: `The job waits for ${ids.length === 1 ? 'another' : `${ids.length} others`} to end: ${words}${others}.`,
      holder: namesOf(ids),
      since: job.created_at,
      do: `See why they have not ended, such as by ./kintsugi why ${ids[0]}, or cancel the job.`,
    },
  ];
}

function waitOfPlanning({ job, place }: JobSituation): JobWait[] {
  if (!isOpen(job.status)) return [];
  if (job.status === 'paused') return [pausedWait(job.id, null)];
  if (place.workers.length === 0) return [noWorker(job, place, null, `plans jobs of type ${job.type}`)];
  const what = `A plan handler makes the tasks of the job; ${workersWords(place)} can run it.`;
  return [{ ...blank('PLANNING', null), what, holder: workerNames(place), since: job.created_at, ...etaOf(place, 0) }];
}

function waitOfReady({ job, counts, freeSlots, limits, place }: JobSituation): JobWait[] {
  const ready = counts.ready ?? 0;
  if (ready === 0 || !isOpen(job.status)) return waitBehindSlots(counts, place);
  if (job.status === 'paused') return [pausedWait(job.id, ready)];
  const waiting = counted(ready, 'waits', 'wait');
  const since = job.status === 'pending' ? job.created_at : null;
  if (place.workers.length === 0) return [{ ...noWorker(job, place, ready, `runs tasks of type ${job.type}`), since }];
  if (freeSlots <= 0) {
    const limit = job.max_parallel_tasks ?? 0;
    return [
      {
        ...blank('MAX_PARALLEL', ready),
        what: `${waiting}: the job runs ${limit} at once, as many as its max_parallel_tasks allows.`,
        holder: job.id,
        ...etaOf(place, 0, limit),
        do: 'Wait, or submit the rest as a job with a larger max_parallel_tasks.',
      },
    ];
  }
  const limited = waitOfLimits(limits, ready, place);
  if (limited) return [limited];
  if (place.resources) return [{ ...waitOfResources(place.resources, ready, place), since }];
  if (place.isSuspect) {
    return [
      {
        ...blank('ISOLATION', ready),
        what: `${waiting}, after several workers were lost: such tasks run apart from others, once a worker is empty enough.`,
        holder: workerNames(place),
        since,
        do: 'Start another worker, or wait.',
      },
    ];
  }
  if (place.hasRoom) return [];
  return [{ ...waitOfRoom(job, ready, place), since }];
}

function waitOfBlocked({ job, counts, holders = [] }: JobSituation): JobWait[] {
  const blocked = counts.blocked ?? 0;
  if (blocked === 0) return [];
  const names = holders.slice(0, namesMax).join(', ');
  return [
    {
      ...blank('DEPENDENCY', blocked),
      what: `${counted(blocked, 'waits', 'wait')} for others of the job to be done${names === '' ? '' : `, first for ${names}`}.`,
      holder: names === '' ? null : names,
      since: job.created_at,
    },
  ];
}

function waitOfLimits({ concurrency, rate }: JobSituation['limits'], ready: number, place: QueuePlace): JobWait | null {
  const waiting = counted(ready, 'waits', 'wait');
  if (concurrency) {
    const { key, limit, holders } = concurrency;
    return {
      ...blank('CONCURRENCY_KEY', ready),
      what: `${waiting}: under the concurrency key ${key}, ${tasksWords(limit)} may run at once, and as many do.`,
      holder: namesOf(holders),
      ...etaOf(place, 0, limit),
      do: 'Wait, or cancel or pause a job that holds the key.',
    };
  }
  if (!rate) return null;
  const due = rounded(rate.dueMs);
  return {
    ...blank('RATE_LIMIT', ready),
    what: `${waiting}: under the rate key ${rate.key}, ${rate.perSecond} may begin in a second.`,
    ...{ eta_s: due, eta_low_s: due, eta_high_s: null },
  };
}

/** Tasks that were sent ahead to a worker wait there for a slot. */
function waitBehindSlots(counts: JobSituation['counts'], place: QueuePlace): JobWait[] {
  const leased = counts.leased ?? 0;
  if (leased === 0 || (counts.running ?? 0) === 0) return [];
  const what = `With a worker, ${counted(leased, 'waits', 'wait')} for a free slot.`;
  return [{ ...blank('WORKERS_FULL', leased), what, holder: workerNames(place), ...etaOf(place, 0) }];
}

function waitOfRetries({ counts, inState }: JobSituation, now: number): JobWait[] {
  const waits: JobWait[] = [];
  const waiting = counts.waiting_retry ?? 0;
  const known = inState.get('waiting_retry');
  if (waiting > 0) {
    const inSeconds = (due: number | null | undefined): number | null =>
      due === null || due === undefined ? null : rounded(Math.max(0, due - now));
    const first = inSeconds(known?.firstDue);
    waits.push({
      ...blank('RETRY_DELAY', waiting),
      what: `${counted(waiting, 'has failed and is', 'have failed and are')} tried again${first === null ? '' : `, the first in ${first} s`}.`,
      holder: 'recovery-service',
      since: isoOf(known?.since),
      ...{ eta_s: first, eta_low_s: first, eta_high_s: inSeconds(known?.lastDue) },
      do: 'Wait, or run them now: ./kintsugi errors shows their records and ./kintsugi recover reruns one with --force.',
    });
  }
  const failed = counts.failed ?? 0;
  if (failed > 0) {
    waits.push({
      ...blank('RETRY_DELAY', failed),
      what: `${counted(failed, 'has', 'have')} failed, and recovery-service has not said yet what follows.`,
      holder: 'recovery-service',
      since: isoOf(inState.get('failed')?.since),
      do: 'When it stays so, look whether recovery-service is well: ./kintsugi status.',
    });
  }
  return waits;
}

function waitsForPeople({ job, counts, inState }: JobSituation): JobWait[] {
  const kinds = [
    ['quarantined', 'QUARANTINED', ['has', 'have'], 'lost too many workers: nobody else is given such a task by itself'],
    ['outcome_unknown', 'OUTCOME_UNKNOWN', ['was', 'were'], 'with a worker that was lost, and may have taken effect'],
  ] as const;
  return kinds.flatMap(([state, reason, [one, many], words]) => {
    const tasks = counts[state] ?? 0;
    if (tasks === 0) return [];
    return [
      {
        ...blank(reason, tasks),
        what: `${counted(tasks, one, many)} ${words}.`,
        holder: 'a person',
        since: isoOf(inState.get(state)?.since),
        do: `Look at them with ./kintsugi errors --job ${job.id}, and rerun what may run again with ./kintsugi recover.`,
      },
    ];
  });
}

function scheduledWait({ run_at: runAt = '', total_tasks: tasks, created_at }: JobSituation['job'], now: number): JobWait {
  const left = rounded(Math.max(0, Date.parse(runAt) - now));
  return {
    ...blank('SCHEDULED', tasks),
    what: `The job may run from ${runAt} on.`,
    since: created_at,
    ...{ eta_s: left, eta_low_s: left, eta_high_s: null },
  };
}

function pausedWait(jobId: string, tasks: number | null): JobWait {
  const what =
    tasks === null ? 'The job is paused before its tasks are made.' : `${counted(tasks, 'waits', 'wait')}: the job is paused.`;
  return { ...blank('PAUSED', tasks), what, holder: 'a person', do: `./kintsugi resume ${jobId}` };
}

function noWorker({ created_at }: JobSituation['job'], { draining }: QueuePlace, tasks: number | null, work: string): JobWait {
  const leaving = draining === 0 ? '' : ` ${draining === 1 ? 'One that did is' : `${draining} that did are`} about to stop.`;
  const waiting = tasks === null ? 'The job waits' : counted(tasks, 'waits', 'wait');
  return {
    ...blank('NO_WORKER', tasks),
    what: `${waiting}: no worker ${work}.${leaving}`,
    since: created_at,
    do: 'Start a worker that does; examples/hello-worker/README.md shows how.',
  };
}

function isOpen(status: BatchJob['status']): boolean {
  return status === 'pending' || status === 'running' || status === 'recovering' || status === 'paused';
}

function isoOf(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined || ms === 0 ? null : new Date(ms).toISOString();
}
