import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WaitGraph, type StuckNodes, type WaitNode } from './wait-graph.js';

const numRuns = 500;
const size = 8;
const idOf = (place: number): string => `n${place}`;

/** Places from `size` on are no nodes: they go on by themselves. */
const node = fc.record({
  needs: fc.nat(4),
  waits: fc.uniqueArray(fc.record({ on: fc.nat(size + 1).map(idOf), weight: fc.integer({ min: 1, max: 3 }) }), {
    maxLength: 4,
    selector: ({ on }) => on,
  }),
});

function graphOf(nodes: readonly WaitNode[]): WaitGraph {
  const graph = new WaitGraph();
  nodes.forEach((one, place) => graph.add(idOf(place), one));
  return graph;
}

function stuckIn(graph: WaitGraph): StuckNodes {
  const work = graph.stuck();
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** All sets of nodes are looked at: whatever is in one in which nobody gets from outside what it needs is stuck. */
function stuckByForce(nodes: readonly WaitNode[]): string[] {
  const stuck = new Set<string>();
  for (let set = 1; set < 1 << nodes.length; set += 1) {
    const isIn = (id: string): boolean => (set & (1 << Number(id.slice(1)))) !== 0 && Number(id.slice(1)) < nodes.length;
    const members = nodes.map((_, place) => idOf(place)).filter(isIn);
    const isClosed = members.every((id) => {
      const { needs, waits } = nodes[Number(id.slice(1))] as WaitNode;
      return waits.reduce((sum, { on, weight }) => sum + (isIn(on) ? 0 : weight), 0) < needs;
    });
    if (isClosed) for (const id of members) stuck.add(id);
  }
  return [...stuck].sort();
}

describe('who waits for what', () => {
  test('is stuck in random graphs where looking at all sets of nodes says so', () => {
    fc.assert(
      fc.property(fc.array(node, { minLength: 1, maxLength: size }), (nodes) => {
        expect([...stuckIn(graphOf(nodes)).ids].sort()).toEqual(stuckByForce(nodes));
      }),
      { numRuns, seed: 1 },
    );
  });

  test('ends for each that is stuck in a circle of those that are, or at one whose needs nobody that is stuck could meet', () => {
    fc.assert(
      fc.property(fc.array(node, { minLength: 1, maxLength: size }), (nodes) => {
        const stuck = stuckIn(graphOf(nodes));
        for (const id of stuck.ids) {
          const end = stuck.endOf(id);
          const follows = end.map((one) => stuck.next(one));
          expect(follows).toEqual(follows.at(-1) === null ? [null] : [...end.slice(1), end[0]]);
        }
      }),
      { numRuns, seed: 2 },
    );
  });

  test('all that come to one circle come to the same place of it', () => {
    const wait = (...on: string[]): WaitNode => ({ needs: on.length, waits: on.map((id) => ({ on: id, weight: 1 })) });
    const graph = new WaitGraph();
    for (const [id, on] of ['cb', 'ba', 'ac', 'xc', 'yb'].map(([from = '', to = '']) => [from, to])) {
      graph.add(id as string, wait(on as string));
    }
    const stuck = stuckIn(graph);
    expect(['x', 'y', 'a', 'b', 'c'].map((id) => stuck.endOf(id).join(''))).toEqual(Array(5).fill('acb'));
  });

  test('takes no longer for a way of 100,000 than there are waits', () => {
    const graph = new WaitGraph();
    for (let place = 0; place < 100_000; place += 1) {
      graph.add(idOf(place), { needs: 1, waits: [{ on: idOf(place + 1), weight: 1 }] });
    }
    expect([...stuckIn(graph).ids]).toEqual([]);
    graph.add(idOf(100_000), { needs: 1, waits: [] });
    const stuck = stuckIn(graph);
    expect([...stuck.ids]).toHaveLength(100_001);
    expect(stuck.endOf(idOf(0))).toEqual([idOf(100_000)]);
  });
});
