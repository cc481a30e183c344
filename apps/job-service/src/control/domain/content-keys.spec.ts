import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonHash, type TaskState } from '@kintsugi/contracts';
import { ContentKeys } from './content-keys.js';
import { isRerun, planRerun } from './plan-rerun.js';
import { RerunTable } from './rerun-table.js';
import type { RerunTask } from './rerun-task.js';
import { RunColumns } from './run-columns.js';

const size = 9;
const digest = (text: string): string => (jsonHash(text) + jsonHash(`${text}.`)).padStart(32, '0');

/** A run of a job in a world where what a task gives follows from what it is given. */
interface Run {
  id: string;
  payloads: number[];
  states: TaskState[];
  /** What each gave, and when. */
  outputs: (string | null)[];
  startedAt: number[];
  isFirst: boolean;
  madeAt: number;
}

/** What of a job is run again, with what laid over its payloads, and which tasks fail then. */
interface Again {
  selected: boolean[];
  payload: number | null;
  fails: boolean[];
  downstream: boolean;
  upstream: boolean;
  reuse: boolean;
}

type Graph = readonly (readonly number[])[];

const plainTask: RerunTask = {
  ...{ id: '', key: null, state: 'succeeded', isHeld: false, error: null },
  ...{ payload: null, attempts: 1, tookMs: 1, parentKeys: [] },
};

let now = 0;

function finished<Result>(work: Generator<undefined, Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

function given(run: Run, at: number): string {
  return digest(`${at} ${run.payloads[at]}`);
}

function outputOf(at: number, payload: number, parents: readonly (string | null)[]): string {
  return digest(`gives ${at} ${payload} ${parents.join(' ')}`);
}

/** Lets all run that can, in an order that keeps to the graph: places only wait for those before them. */
function execute(graph: Graph, run: Run, fails: readonly boolean[]): number[] {
  const ran: number[] = [];
  graph.forEach((parents, at) => {
    if (run.states[at] !== 'ready') return;
    if (parents.some((parent) => run.states[parent] !== 'succeeded')) {
      run.states[at] = 'dead';
      return;
    }
    ran.push(at);
    run.startedAt[at] = now += 1;
    run.states[at] = fails[at] ? 'dead' : 'succeeded';
    const inputs = parents.map((parent) => run.outputs[parent] ?? null);
    run.outputs[at] = fails[at] ? null : outputOf(at, run.payloads[at] ?? 0, inputs);
  });
  return ran;
}

function columnsOf(run: Run): RunColumns {
  const columns = new RunColumns(run.id, size);
  for (let at = 0; at < size; at += 1) {
    const [output, startedAt] = [run.outputs[at] ?? null, run.startedAt[at] ?? 0];
    columns.set(at, { given: given(run, at), output, startedAt, tookUs: 1, isOld: !run.isFirst && startedAt < run.madeAt });
  }
  return columns;
}

function tableOf(graph: Graph, run: Run, selected: readonly boolean[]): RerunTable {
  const table = new RerunTable(size);
  graph.forEach((parents, at) => {
    table.waitsFor(at, parents);
    const state = run.states[at] ?? 'dead';
    const isHeld = state === 'dead' && parents.some((parent) => run.states[parent] !== 'succeeded');
    table.add({ ...plainTask, state, isHeld }, selected[at] ?? false);
  });
  return table;
}

type Planned = ReturnType<typeof plan>;

function plan(graph: Graph, runs: readonly Run[], run: Run, again: Again) {
  const table = tableOf(graph, run, again.selected);
  const columns = runs.map(columnsOf);
  const own = columns[runs.indexOf(run)] as RunColumns;
  const { payload } = again;
  const toRun = (at: number): string => (payload === null ? own.givenAt(at) : digest(`${at} ${payload}`));
  const keys = finished(ContentKeys.of('type', table, { runs: columns, own, kept: (at) => own.givenAt(at), toRun }, digest));
  const reach = { include_downstream: again.downstream, include_upstream: again.upstream };
  const planned = planRerun(table, reach, false, again.reuse ? keys : undefined);
  return { roles: planned.roles, refused: planned.refused.length, reused: again.reuse ? finished(keys.reused(planned)) : null };
}

/** The run that a plan makes, before any of it has run. */
function made(runs: readonly Run[], run: Run, { roles, reused }: Planned, { payload }: Again): Run {
  const next: Run = {
    ...{ id: `run ${runs.length}`, payloads: [...run.payloads], states: [], outputs: [], startedAt: [] },
    ...{ isFirst: false, madeAt: (now += 1) },
  };
  for (const [at, role] of roles.entries()) {
    const from = runs.find(({ id }) => id === reused?.heldBy(at)?.jobId) ?? run;
    if (role === 'reuse') next.payloads[at] = from.payloads[at] ?? 0;
    if (isRerun(role) && payload !== null) next.payloads[at] = payload;
    next.states[at] = isRerun(role) ? 'ready' : role === 'reuse' ? 'succeeded' : 'skipped';
    next.outputs[at] = role === 'reuse' ? (from.outputs[at] ?? null) : null;
    next.startedAt[at] = role === 'reuse' ? (from.startedAt[at] ?? 0) : 0;
  }
  return next;
}

const flags = fc.array(fc.boolean(), { minLength: size, maxLength: size });
const seldom = fc.array(
  fc.nat(3).map((chance) => chance === 0),
  { minLength: size, maxLength: size },
);
const agains = fc.record({
  ...{ selected: flags, payload: fc.option(fc.nat(1)), fails: seldom },
  ...{ downstream: fc.boolean(), upstream: fc.boolean(), reuse: fc.boolean() },
});
const lineages = fc.record({
  edges: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 14 }),
  fails: seldom,
  reruns: fc.array(fc.tuple(fc.nat(4), agains), { maxLength: 4 }),
  last: fc.tuple(fc.nat(4), agains),
});

type Lived = typeof lineages extends fc.Arbitrary<infer Given> ? Given : never;
function graphOf(edges: readonly (readonly [number, number])[]): number[][] {
  return Array.from({ length: size }, (_, at) => [
    ...new Set(edges.filter(([one, other]) => one !== other && Math.max(one, other) === at).map((pair) => Math.min(...pair))),
  ]);
}

/** Runs of runs of a job, each of which was planned, with or without a look at contents, and some of whose tasks have failed. */
function lived({ edges, fails, reruns }: Pick<Lived, 'edges' | 'fails' | 'reruns'>): {
  graph: Graph;
  runs: Run[];
} {
  now = 0;
  const graph = graphOf(edges);
  const first: Run = {
    ...{ id: 'run 0', payloads: Array(size).fill(7) as number[], states: Array(size).fill('ready') as TaskState[] },
    ...{ outputs: [], startedAt: [], isFirst: true, madeAt: 0 },
  };
  execute(graph, first, fails);
  const runs = [first];
  for (const [of, again] of reruns) {
    const run = runs[of % runs.length] as Run;
    const planned = plan(graph, runs, run, again);
    if (planned.refused > 0) continue;
    const next = made(runs, run, planned, again);
    execute(graph, next, again.fails);
    runs.push(next);
  }
  return { graph, runs };
}

const none = Array(size).fill(false) as boolean[];

/** What is to run by the rules alone: each closure by adding until nothing is missing, each output looked for in every run. */
function byForce(graph: Graph, runs: readonly Run[], run: Run, again: Again): { ran: number[]; isRefused: boolean } {
  const everGave = (at: number, output: string | null): boolean =>
    output !== null && runs.some(({ outputs }) => outputs[at] === output);
  const wouldGive = (at: number, payload: number, from: readonly (string | null)[]): string | null => {
    const inputs = (graph[at] ?? []).map((parent) => from[parent] ?? null);
    return inputs.includes(null) ? null : outputOf(at, payload, inputs);
  };
  const stands: (string | null)[] = [];
  const isCurrent: boolean[] = [];
  graph.forEach((_, at) => {
    const would = wouldGive(at, run.payloads[at] ?? 0, stands);
    isCurrent[at] = everGave(at, would);
    stands[at] = isCurrent[at] ? would : (run.outputs[at] ?? null);
  });
  const isHeld = (at: number): boolean =>
    run.states[at] === 'dead' && (graph[at] ?? []).some((parent) => run.states[parent] !== 'succeeded');
  const chosen = new Set(graph.flatMap((_, at) => (again.selected[at] ? [at] : [])));
  const missing = (at: number): number[] => (graph[at] ?? []).filter((parent) => !chosen.has(parent) && !isCurrent[parent]);
  for (let known = -1; known !== chosen.size;) {
    known = chosen.size;
    graph.forEach((parents, at) => {
      if (parents.some((parent) => chosen.has(parent)) && (again.downstream || isHeld(at))) chosen.add(at);
      if (again.upstream && chosen.has(at)) for (const parent of missing(at)) chosen.add(parent);
    });
  }
  const ran: number[] = [];
  const gives = [...stands];
  for (const at of [...chosen].sort((one, other) => one - other)) {
    const would = wouldGive(at, again.payload ?? run.payloads[at] ?? 0, gives);
    const isKnown = !(graph[at] ?? []).some((parent) => ran.includes(parent)) && everGave(at, would);
    gives[at] = would;
    if (!isKnown) ran.push(at);
  }
  return { ran, isRefused: [...chosen].some((at) => missing(at).length > 0) };
}

describe('what is kept by content key, of random jobs and runs of runs of them', () => {
  test('is what looking for each output everywhere finds, and what running it again would give', () => {
    fc.assert(
      fc.property(lineages, (lineage) => {
        const { graph, runs } = lived(lineage);
        const [of, asked] = lineage.last;
        const run = runs[of % runs.length] as Run;
        const again = { ...asked, reuse: true };
        const planned = plan(graph, runs, run, again);
        const expected = byForce(graph, runs, run, again);
        expect(planned.refused > 0).toBe(expected.isRefused);
        if (expected.isRefused) return;
        expect(planned.roles.flatMap((role, at) => (isRerun(role) ? [at] : []))).toEqual(expected.ran);
        const next = made(runs, run, planned, again);
        expect(execute(graph, next, none)).toEqual(expected.ran);
        if (!again.downstream) return;
        // What ran, and what was kept in place of what was selected, is what a run of it gives; as is all that these waited for.
        graph.forEach((parents, at) => {
          const inputs = parents.map((parent) => next.outputs[parent] ?? null);
          const isMeant = again.selected[at] || parents.some((parent) => expected.ran.includes(parent));
          if (isMeant) expect(next.outputs[at]).toBe(outputOf(at, next.payloads[at] ?? 0, inputs));
        });
      }),
      { numRuns: 1_000 },
    );
  });

  test('is all of it where the same is asked for twice', () => {
    fc.assert(
      fc.property(lineages, (lineage) => {
        const { graph, runs } = lived(lineage);
        const [of, asked] = lineage.last;
        const run = runs[of % runs.length] as Run;
        const again = { ...asked, downstream: true, upstream: true, reuse: true };
        const next = made(runs, run, plan(graph, runs, run, again), again);
        execute(graph, next, none);
        expect(plan(graph, [...runs, next], run, again).roles.filter(isRerun)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('an output', () => {
  const row: Graph = Array.from({ length: size }, (_, at) => (at === 0 ? [] : [at - 1]));
  const all = { selected: Array(size).fill(true) as boolean[], payload: null, fails: none, downstream: true, upstream: false };

  test('that was made before those of its parents changed refuses whoever waits for it, unless it runs again too', () => {
    const { runs } = lived({
      edges: row.flatMap((_, at) => (at > 0 ? [[at - 1, at] as [number, number]] : [])),
      fails: none,
      reruns: [],
    });
    const first = runs[0] as Run;
    // A person has the first run again with another payload, and nothing behind it.
    const alone = { ...all, selected: none.map((_, at) => at === 0), payload: 1, downstream: false, reuse: false };
    const second = made(runs, first, plan(row, runs, first, alone), alone);
    execute(row, second, none);
    const third = { ...all, selected: none.map((_, at) => at === 2), payload: 3, reuse: true };
    expect(plan(row, [first, second], second, third)).toMatchObject({ refused: 1 });
    const { roles } = plan(row, [first, second], second, { ...third, upstream: true });
    expect(roles.map(isRerun)).toEqual(none.map((_, at) => at > 0));
  });

  test('of a run that is not there any more is not trusted', () => {
    const { runs } = lived({ edges: [], fails: none, reruns: [] });
    const first = runs[0] as Run;
    const again = { ...all, selected: none, reuse: false };
    const alone = graphOf([]);
    const second = made(runs, first, plan(alone, runs, first, again), again);
    const isKept = (known: Run[]): boolean[] =>
      plan(alone, known, second, { ...all, reuse: true }).roles.map((role) => role === 'reuse');
    expect(isKept([first, second]).every(Boolean)).toBe(true);
    expect(isKept([second]).some(Boolean)).toBe(false);
  });
});
