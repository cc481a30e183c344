import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TaskState } from '@kintsugi/contracts';
import { isRerun, planRerun, type PlannedRerun, type RerunReach } from './plan-rerun.js';
import { RerunTable } from './rerun-table.js';
import type { RerunTask } from './rerun-task.js';
import { selectorOf, type Selection } from './select-for-rerun.js';

type Asked = Omit<Selection, 'jobLabels'> & RerunReach;
type Node = RerunTask & { parents: readonly number[] };

const usual: Asked = { only_failed: true, include_downstream: true, include_upstream: false };

function taskOf(at: number, given: Partial<Node> = {}): Node {
  const task = {
    ...{ id: `task_${at}`, key: `t${at}`, isHeld: false, error: null, payload: null, attempts: 1, tookMs: 1 },
    ...{ parents: [], parentKeys: [] },
  };
  return { ...task, state: 'succeeded', ...given };
}

function errorOf(type: string): RerunTask['error'] {
  return { error_type: type, error_message: 'it failed' };
}

function plan(tasks: readonly Node[], asked: Asked, runsAnyway: boolean, table = new RerunTable(tasks.length)): PlannedRerun {
  const selects = selectorOf({ ...asked, jobLabels: { team: 'mail', region: 'eu' } });
  tasks.forEach((task, at) => {
    table.waitsFor(at, task.parents);
    table.add(task, selects(task));
  });
  return planRerun(table, asked, runsAnyway);
}

const states = fc.constantFrom<TaskState>('succeeded', 'succeeded', 'dead', 'cancelled', 'outcome_unknown', 'skipped');

/** A job that is over: what waits for something that has not succeeded was given up, or runs anyway. */
const jobs = fc
  .record({
    edges: fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 18 }),
    states: fc.array(states, { minLength: 10, maxLength: 10 }),
    runsAnyway: fc.boolean(),
  })
  .map(({ edges, states: ofTasks, runsAnyway }) => {
    const tasks: Node[] = [];
    ofTasks.forEach((state, at) => {
      const parents = [
        ...new Set(edges.filter((pair) => Math.max(...pair) === at && pair[0] !== pair[1]).map((pair) => Math.min(...pair))),
      ];
      const isHeld = !runsAnyway && parents.some((parent) => tasks[parent]?.state !== 'succeeded');
      tasks.push(
        taskOf(at, { parents, isHeld, state: isHeld ? 'dead' : state, error: errorOf(isHeld ? 'dependency.failed' : state) }),
      );
    });
    return { tasks, runsAnyway };
  });

const selections = fc.record(
  {
    task_ids: fc.uniqueArray(
      fc.nat(9).map((at) => `t${at}`),
      { minLength: 1, maxLength: 3 },
    ),
    states: fc.uniqueArray(states, { minLength: 1, maxLength: 2 }),
    only_failed: fc.boolean(),
    include_downstream: fc.boolean(),
    include_upstream: fc.boolean(),
  },
  { requiredKeys: ['only_failed', 'include_downstream', 'include_upstream'] },
);

/** The same by adding until nothing is missing. */
function rerunByForce(tasks: readonly Node[], selection: Asked, runsAnyway: boolean): Set<number> {
  const { task_ids: ids, states: wanted, only_failed, include_downstream, include_upstream } = selection;
  const chosen = new Set<number>();
  tasks.forEach((task, at) => {
    const isMeant =
      ids || wanted
        ? (!ids || ids.includes(task.key ?? '')) && (!wanted || wanted.includes(task.state))
        : !task.isHeld && task.state !== 'skipped';
    if (isMeant && !(only_failed && task.state === 'succeeded')) chosen.add(at);
  });
  for (let size = -1; size !== chosen.size;) {
    size = chosen.size;
    tasks.forEach((task, at) => {
      if (task.parents.some((parent) => chosen.has(parent)) && (include_downstream || task.isHeld)) chosen.add(at);
      if (!include_upstream || !chosen.has(at) || runsAnyway) return;
      for (const parent of task.parents) if (tasks[parent]?.state !== 'succeeded') chosen.add(parent);
    });
  }
  return chosen;
}

describe('a plan of a rerun', () => {
  test('is what adding until nothing is missing gives, of random jobs', () => {
    fc.assert(
      fc.property(jobs, selections, ({ tasks, runsAnyway }, selection) => {
        const { roles, refused } = plan(tasks, selection, runsAnyway);
        const rerun = roles.flatMap((role, at) => (isRerun(role) ? [at] : []));
        expect(rerun).toEqual([...rerunByForce(tasks, selection, runsAnyway)].sort((one, other) => one - other));
        // Nothing runs before what it waits for: that is reused, run again before, or the task is refused.
        const inRefusal = new Set(refused.map(({ task }) => task));
        for (const at of rerun) {
          const isReady = (tasks[at]?.parents ?? []).every((parent) => runsAnyway || roles[parent] !== 'left_out');
          expect(inRefusal.has(at)).toBe(!isReady);
        }
        roles.forEach((role, at) => expect(role === 'reuse' && tasks[at]?.state !== 'succeeded').toBe(false));
      }),
      { numRuns: 1_000 },
    );
  });

  const payloadOfFailed = { data_type: 'races', labels: { region: 'us' }, size: { mb: 7 } };
  const atLeastThree = { field: 'attempts', operator: 'gte', value: 3 } as const;

  test.each<[string, Partial<Asked>, number[]]>([
    ['nothing said', {}, [1, 2]],
    ['a type of error', { error_types: ['net.*'] }, [1, 2]],
    ['another type of error', { error_types: ['disk.*'] }, []],
    ['a type of data', { data_types: ['races'] }, [1, 2]],
    ['a group', { inGroups: new Set(['task_1']) }, [1, 2]],
    ['another group', { inGroups: new Set(['task_0']) }, []],
    ['a label of the task, over that of the job', { labels: ['region=us'], include_downstream: false }, [1, 2]],
    [
      'a label that the task has another value of',
      { labels: ['region=eu'], states: ['succeeded'], only_failed: false },
      [0, 1, 2, 3],
    ],
    ['one of two labels', { labels: ['region=us', 'a=b'] }, [1, 2]],
    ['a condition that holds', { conditions: [{ field: 'attempts', operator: 'gte', value: 3 }] }, [1, 2]],
    ['one of which one does not', { conditions: [atLeastThree, { field: 'payload.size.mb', operator: 'lt', value: 5 }] }, []],
    ['what is deep in the payload', { conditions: [{ field: 'payload.size.mb', operator: 'eq', value: 7 }] }, [1, 2]],
    ['what is in no payload', { conditions: [{ field: 'payload.__proto__', operator: 'exists', value: true }] }, []],
    ['a condition of a label', { conditions: [{ field: 'labels.team', operator: 'eq', value: 'mail' }] }, [1, 2]],
    ['a message', { conditions: [{ field: 'error_message', operator: 'contains', value: 'fail' }] }, [1, 2]],
    ['what cannot be compared', { conditions: [{ field: 'state', operator: 'gt', value: 1 }] }, []],
    ['a task that has succeeded', { task_ids: ['t0'] }, []],
    ['a task that has succeeded, which is wanted', { task_ids: ['t0'], only_failed: false }, [0, 1, 2]],
    ['a task that has succeeded, alone', { task_ids: ['task_3'], only_failed: false, include_downstream: false }, [3]],
  ])('selects by %s', (_, given, expected) => {
    const tasks = [
      taskOf(0),
      taskOf(1, { state: 'dead', error: errorOf('net.reset'), payload: payloadOfFailed, attempts: 3, parents: [0] }),
      taskOf(2, { state: 'dead', isHeld: true, error: errorOf('dependency.failed'), parents: [1] }),
      taskOf(3),
    ];
    const { roles } = plan(tasks, { ...usual, ...given }, false);
    expect(roles.flatMap((role, at) => (isRerun(role) ? [at] : []))).toEqual(expected);
  });

  test('names what refuses a task', () => {
    const tasks = [taskOf(0, { state: 'dead' }), taskOf(1, { state: 'dead', isHeld: true, parents: [0] })];
    expect(plan(tasks, { ...usual, task_ids: ['t1'] }, false).refused).toEqual([
      { task: 1, parent: 0, because: 'not_succeeded' },
    ]);
    expect(plan(tasks, { ...usual, task_ids: ['t1'], include_upstream: true }, false)).toEqual({
      roles: ['upstream', 'selected'],
      refused: [],
    });
  });

  test('of 10,000 tasks in a row looks at each of their dependencies a few times', () => {
    let looks = 0;
    const table = new RerunTable(10_000);
    const parentsOf = table.parentsOf.bind(table);
    table.parentsOf = (at) => ((looks += 1), parentsOf(at));
    const tasks = Array.from({ length: 10_000 }, (_, at) =>
      taskOf(at, { state: 'dead', isHeld: at > 0, parents: at > 0 ? [at - 1] : [] }),
    );
    const { roles } = plan(tasks, { ...usual, task_ids: ['t9999'], include_upstream: true }, false, table);
    expect(roles.every(isRerun)).toBe(true);
    expect(looks).toBeLessThan(50_000);
  });
});
