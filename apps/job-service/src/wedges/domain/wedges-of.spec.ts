import { describe, expect, test } from '@jest/globals';
import type { FullRoom, HeldPart, OpenJob, WaitingFacts } from './waiting-facts.js';
import { WaitsOfPlatform } from './waits-of-platform.js';
import { wedgesOf, type Wedge } from './wedges-of.js';

const job = (id: string, given: Partial<OpenJob> = {}): OpenJob => ({
  ...{ id, tenant: 't', isPaused: false, room: null, key: null, awaits: [], parent: null },
  ...given,
});
const part = (jobId: string, given: Partial<HeldPart> = {}): HeldPart => ({
  ...{ workerId: 'w', jobId, tenant: 't', running: 0, queued: 0, fresh: 0, needs: null },
  ...given,
});
const keyOf = (...holders: string[]): OpenJob['key'] => ({ id: 'k', name: 'crm', short: 1, holders });
const room = (given: Partial<FullRoom> = {}): FullRoom => ({
  ...{ id: 'room', queue: 'send', needs: null, workers: [], isOffered: true },
  ...given,
});
const needs = { max_memory: 512, max_cpu: 1 };

function atOnce<Result>(work: Generator<undefined, Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** The same, whether what waits for what is known already or not. */
function wedgesIn(given: Partial<WaitingFacts>): Wedge[] {
  const facts = { jobs: [], rooms: [], held: [], ...given };
  const wedges = atOnce(wedgesOf(facts, null));
  expect(atOnce(wedgesOf(facts, atOnce(WaitsOfPlatform.of(facts, true))))).toEqual(wedges);
  return wedges;
}

function told(facts: Partial<WaitingFacts>): string[] {
  return wedgesIn(facts).map(({ reason, certain, jobs, chain }) => {
    return `${reason}${certain ? '' : '?'} ${jobs.join(' ')}: ${chain.join(' > ')}`;
  });
}

describe('jobs are wedged that wait for', () => {
  test('a worker that nobody is, they and what comes after them, as one wedge', () => {
    const jobs = [
      job('a', { room: 'room' }),
      job('b', { room: 'room' }),
      job('c', { awaits: ['a'] }),
      job('d', { awaits: ['x'] }),
    ];
    expect(told({ jobs, rooms: [room({ isOffered: false })] })).toEqual(['NO_WORKER a b c: a > a worker for send']);
  });

  test('a worker that plans, and for more than any worker has', () => {
    const rooms = [room({ queue: 'plan:send', isOffered: false }), room({ id: 'large', needs })];
    expect(told({ jobs: [job('a', { room: 'room' }), job('b', { room: 'large' })], rooms })).toEqual([
      'NO_WORKER a: a > a worker that plans send',
      'RESOURCES b: b > a worker for send with 512 MiB and 1 core',
    ]);
  });

  test('a job that is paused, which is not told itself', () => {
    const jobs = [job('a', { isPaused: true }), job('b', { awaits: ['a'] })];
    expect(told({ jobs })).toEqual(['PAUSED b: b > a > somebody who resumes a']);
  });

  test('a key that their own parent holds, if its handler waits for them', () => {
    const jobs = [job('child', { key: keyOf('parent'), parent: 'parent' }), job('parent')];
    const held = [part('parent', { running: 1 })];
    expect(told({ jobs, held })).toEqual(['CIRCLE? child: child > the concurrency key crm > what parent runs > child']);
  });

  test('the last slot, where their parent runs, though it is a job in a bundle', () => {
    const rooms = [room({ workers: [{ workerId: 'w', shortages: [{ of: 'tasks', amount: 1 }] }] })];
    const jobs = [job('child', { room: 'room', parent: 'parent' }), job('other', { room: 'room' })];
    const held = [part('parent', { running: 1 })];
    expect(told({ jobs, rooms, held })).toEqual([
      'CIRCLE? child other: child > room for tasks of send > w > what parent runs > child',
    ]);
  });

  test('a slot of the worker that they were sent to, behind their parent', () => {
    const jobs = [job('child', { parent: 'parent' }), job('parent')];
    const held = [part('parent', { running: 1 }), part('child', { queued: 1 })];
    expect(told({ jobs, held })).toEqual(['CIRCLE? child: child > a slot of w > what parent runs > child']);
  });

  test('the end of their parent, whose handler waits for them', () => {
    const jobs = [job('child', { parent: 'parent', awaits: ['parent'] }), job('parent')];
    expect(told({ jobs, held: [part('parent', { running: 1 })] })).toEqual([
      'CIRCLE? child: child > parent > what parent runs > child',
    ]);
  });

  test('two parents that hold what the children of the other need', () => {
    const jobs = [
      job('one', { key: { ...keyOf('q'), id: 'k1', name: 'k1', short: 1, holders: ['q'] }, parent: 'p' }),
      job('two', { key: { ...keyOf('p'), id: 'k2', name: 'k2', short: 1, holders: ['p'] }, parent: 'q' }),
    ];
    const held = [part('p', { running: 1 }), part('q', { running: 1 })];
    expect(told({ jobs, held })).toEqual([
      'CIRCLE? one two: one > the concurrency key k1 > what q runs > two > the concurrency key k2 > what p runs > one',
    ]);
  });
});

describe('no job is wedged', () => {
  const child = job('child', { key: keyOf('parent', 'other'), parent: 'parent' });

  test('while one of several who hold its key goes on, or has not held it for long', () => {
    const parent = part('parent', { running: 1 });
    expect(told({ jobs: [child], held: [parent, part('other', { running: 1 })] })).toEqual([]);
    expect(told({ jobs: [child], held: [{ ...parent, running: 0, fresh: 1 }] })).toEqual([]);
  });

  test('unless all that it needs to come free never does', () => {
    const [parent, other] = [part('parent', { running: 2 }), part('other', { running: 1 })];
    const short = (tasks: number): OpenJob => ({
      ...child,
      key: { ...keyOf('parent', 'other'), id: 'k', name: 'crm', short: tasks, holders: ['parent', 'other'] },
    });
    expect(told({ jobs: [short(1)], held: [parent, other] })).toEqual([]);
    expect(told({ jobs: [short(2)], held: [parent, other] })).toHaveLength(1);
  });

  test('where more has to come free than is known to be held: what came or went while it was read may be it', () => {
    const rooms = [room({ workers: [{ workerId: 'w', shortages: [{ of: 'tasks', amount: 3 }] }] })];
    expect(told({ jobs: [job('other', { room: 'room' })], rooms, held: [part('parent', { running: 2 })] })).toEqual([]);
    expect(told({ jobs: [{ ...child, key: keyOf('gone') }] })).toEqual([]);
    expect(told({ jobs: [job('sent')], held: [part('sent', { queued: 1 })] })).toEqual([]);
  });

  test('whose child has been made by a task that ended, and which runs no other', () => {
    expect(told({ jobs: [child, job('parent', { awaits: [] })], held: [part('other', { running: 1 })] })).toEqual([]);
  });

  test('while one worker has enough memory again once others end', () => {
    const shortages = [{ of: 'memoryMib' as const, amount: 300 }];
    const rooms = [
      room({
        needs,
        workers: [
          { workerId: 'w', shortages },
          { workerId: 'v', shortages },
        ],
      }),
    ];
    const jobs = [job('child', { room: 'room', parent: 'parent' })];
    const [parent, other] = [part('parent', { running: 1, needs }), part('other', { workerId: 'v', running: 1, needs })];
    expect(told({ jobs, rooms, held: [parent, other] })).toEqual([]);
    expect(told({ jobs, rooms, held: [parent, { ...other, jobId: 'parent' }] })).toHaveLength(1);
  });
});

test('jobs of other tenants are not named, and each tenant is told of its own', () => {
  const rooms = [room({ workers: [{ workerId: 'w', shortages: [{ of: 'tasks', amount: 1 }] }] })];
  const jobs = [job('child', { room: 'room', parent: 'parent' }), job('guest', { room: 'room', tenant: 'u' })];
  expect(told({ jobs, rooms, held: [part('parent', { running: 1 })] })).toEqual([
    'CIRCLE? child: child > room for tasks of send > w > what parent runs > child',
    'CIRCLE? guest: guest > room for tasks of send > w > what a job of another tenant runs > a job of another tenant > room for tasks of send',
  ]);
});

test('nor are the concurrency keys of other tenants', () => {
  const rooms = [room({ workers: [{ workerId: 'w', shortages: [{ of: 'tasks', amount: 1 }] }] })];
  const key = { ...keyOf('parent'), id: 'k', name: 'ada@example.com', short: 1, holders: ['parent'] };
  const jobs = [
    job('child', { key, parent: 'parent', tenant: 'u' }),
    job('guest', { room: 'room' }),
    job('parent', { tenant: 'u' }),
  ];
  // Whose job it is that runs is known from the job first.
  expect(told({ jobs, rooms, held: [part('parent', { running: 1, tenant: '' })] })).toEqual([
    'CIRCLE? child: child > the concurrency key ada@example.com > what parent runs > child',
    [
      'CIRCLE? guest: guest > room for tasks of send > w > what a job of another tenant runs > a job of another tenant',
      'a concurrency key of another tenant > what a job of another tenant runs',
    ].join(' > '),
  ]);
});

test('what is missing is another wedge where it has another reason', () => {
  const keysOf = (isOffered: boolean): string[] =>
    wedgesIn({ jobs: [job('a', { room: 'room' })], rooms: [room({ needs, isOffered })] }).map(({ key }) => key);
  expect(keysOf(true)).toHaveLength(1);
  expect(keysOf(true)).not.toEqual(keysOf(false));
});

test('of a long way the first and the last places are told', () => {
  const jobs = Array.from({ length: 50 }, (_, place) =>
    job(`j${String(place).padStart(2, '0')}`, { awaits: [`j${String(place + 1).padStart(2, '0')}`] }),
  );
  const [wedge] = wedgesIn({ jobs: [...jobs, job('j50', { isPaused: true })] });
  expect(wedge).toMatchObject({ reason: 'PAUSED', do: './kintsugi resume j50', certain: true });
  expect(wedge?.jobs).toHaveLength(50);
  expect(wedge?.chain).toHaveLength(12);
  expect(wedge?.chain.at(-1)).toBe('somebody who resumes j50');
});
