import { describe, expect, test } from '@jest/globals';
import { natsActor, type JobStatus, type TaskStatus, type WedgeMark } from '@kintsugi/contracts';
import type { JobHistory } from '../domain/job-history.js';
import { emptyRow, type JobRow } from '../domain/job-row.js';
import { batchJobOf } from '../domain/job-state.js';
import { ListJobs } from './list-jobs.js';
import type { LiveJobs } from './live-jobs.js';
import { MarkWaitingJobs } from './mark-waiting-jobs.js';

let number = 0;

function rowOf(type: string, changes: Partial<JobRow> = {}): JobRow {
  const order = {
    tenant: 'default',
    product_id: 'p',
    sending_group_id: 'g',
    user_id: 'u',
    priority: 5,
    safety: 'idempotent' as const,
    labels: {},
  };
  const none = { total_tasks: 1, max_parallel_tasks: null, retry_config: null, resource_limits: null };
  number += 1;
  const head = { type, ...order, ...none, created_at: number };
  return { ...emptyRow(`job_${number}`), head, total_tasks: 1, ...changes };
}

const origin = { actor: natsActor, requestId: 'r' };

function markerOf(live: Pick<LiveJobs, 'standing'>): MarkWaitingJobs {
  return new MarkWaitingJobs({ unserved: () => Promise.resolve([]), wedged: () => Promise.resolve(new Map()), ...live });
}

const mark: WedgeMark = { wedge_id: 'w', reason: 'CIRCLE', certain: true, what: 'a → b → a', do: 'Cancel one.', since: 't' };

/** The list of these jobs, of whose queues some are not served, and what job-service was asked for it. */
async function listOf(rows: JobRow[], unserved: string[], wedged: string[] = [], standing: TaskStatus[] = []) {
  const history: Pick<JobHistory, 'read'> = {
    async *read() {
      yield* rows;
    },
  };
  const asked: (readonly string[])[] = [];
  const live = {
    unserved: (queues: readonly string[]) => {
      asked.push(queues);
      return Promise.resolve(queues.filter((queue) => unserved.includes(queue)));
    },
    wedged: (ids: readonly string[]) => {
      asked.push(ids);
      return Promise.resolve(new Map(ids.filter((id) => wedged.includes(id)).map((id) => [id, mark] as const)));
    },
    standing: (ids: readonly string[]) => {
      asked.push(ids);
      return Promise.resolve(standing.filter(({ task_id }) => ids.includes(task_id)));
    },
  };
  const list = new ListJobs(history as JobHistory, new MarkWaitingJobs(live));
  const { items } = await list.execute({ limit: 100 }, origin);
  return { asked, items, reasons: items.map(({ waiting_reason: reason }) => reason), marks: items.map((item) => item.wedged) };
}

describe('a list of jobs', () => {
  const stats = { retries: 0, recovered: 0, first_try: 1, task_ms: null, submit_to_done_ms: null };
  const ended = {
    at: 9,
    finished_at: 9,
    started_at: 1,
    status: 'completed' as const,
    total_tasks: 1,
    task_counts: {},
    error_types: {},
  };

  test('says of each that waits that no worker offers its type, with one question a page', async () => {
    const rows = [
      rowOf('send'),
      rowOf('greet'),
      rowOf('send', { total_tasks: null }),
      ...Array.from({ length: 90 }, () => rowOf('send')),
    ];
    const { asked, reasons } = await listOf(rows, ['send']);
    expect(asked).toEqual([['send', 'greet', 'plan:send'], rows.map(({ job_id: id }) => id)]);
    expect(reasons.slice(0, 4)).toEqual(['NO_WORKER', undefined, undefined, 'NO_WORKER']);
  });

  test('asks nothing of jobs that wait for nobody', async () => {
    const rows = [rowOf('send', { ending: { ...ended, ...stats } })];
    expect(await listOf(rows, ['send'])).toMatchObject({ asked: [], reasons: [undefined], marks: [undefined] });
  });

  test('says of each of one task that it runs once it has begun, with one question a page', async () => {
    const idAt = (index: number): string => `01890a5d-ac96-774b-bcce-b302099a8057.${index}`;
    const single = (index: number): JobRow => ({ ...rowOf('send'), job_id: `job_${idAt(index)}` });
    const taskAt = (index: number, job_status: JobStatus, state: string): TaskStatus => ({
      ...{ task_id: `task_${idAt(0)}.${index}`, state, attempts: 1, job_status },
    });
    const rows = [single(0), single(1), single(2), rowOf('send'), single(3)];
    const { asked, items, reasons } = await listOf(
      rows,
      ['send'],
      [],
      [
        taskAt(0, 'running', 'waiting_retry'),
        taskAt(1, 'pending', 'ready'),
        taskAt(2, 'completed', 'succeeded'),
        taskAt(3, 'running', 'leased'),
      ],
    );
    expect(asked.at(-1)).toEqual([0, 1, 2, 3].map((index) => `task_${idAt(0)}.${index}`));
    expect(items.map(({ status }) => status)).toEqual(['running', 'pending', 'pending', 'pending', 'running']);
    expect(items[0]).toMatchObject({ task_counts: { waiting_retry: 1 }, detailed_status: { current_phase: 'running' } });
    expect(items.map(({ detailed_status: status }) => status.active_tasks)).toEqual([0, 0, 0, 0, 1]);
    expect(reasons).toEqual([undefined, 'NO_WORKER', 'NO_WORKER', 'NO_WORKER', undefined]);
  });

  test('tells where job-service does not say which of one task have begun, and gives them as pending', async () => {
    const single = { ...rowOf('send'), job_id: 'job_01890a5d-ac96-774b-bcce-b302099a8057.0.0' };
    const silent = markerOf({ standing: () => Promise.resolve(null) });
    const jobs = [batchJobOf(single)].filter((job) => job !== null);
    expect(await silent.execute(jobs, origin)).toMatchObject({ jobs: [{ status: 'pending' }], begunIsUnknown: true });
    const answering = markerOf({ standing: () => Promise.resolve([]) });
    expect(await answering.execute(jobs, origin)).toMatchObject({ jobs: [{ status: 'pending' }], begunIsUnknown: false });
  });

  test('marks those that cannot end as things stand, those too that need no worker now', async () => {
    const ending = { ...ended, ...stats };
    const rows = [rowOf('send'), rowOf('send', { hold: { at: 2, status: 'paused' } }), rowOf('send', { ending })];
    const ids = rows.map(({ job_id: id }) => id);
    const { asked, marks } = await listOf(rows, [], ids);
    expect(asked.at(-1)).toEqual(ids.slice(0, 2));
    expect(marks).toEqual([mark, mark, undefined]);
  });
});
