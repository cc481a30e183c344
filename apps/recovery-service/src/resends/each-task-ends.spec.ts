import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Simulation } from './simulation/simulation.js';

/** Seeds of one run of this file; TEST_RUNS asks for more of them, and TEST_SEED for one that has failed. */
const runs = Number(process.env['TEST_RUNS'] ?? 150);
const failedBefore = process.env['TEST_SEED'];
const steps = 600;

/** Random choices that are the same for the same seed (mulberry32). */
function choicesOf(seed: number): (below: number) => number {
  let at = seed;
  return (below) => {
    at = (at + 0x6d2b79f5) | 0;
    let mixed = Math.imul(at ^ (at >>> 15), 1 | at);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Lets what may go on go on, to where it waits for its next step. */
async function settleTurns(): Promise<void> {
  for (let turns = 0; turns < 2; turns += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

test(
  'each task ends and its record with it, no retry comes early or too often or for an unsafe task, whatever is late, lost, repeated, killed or interleaved',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.noShrink(fc.nat()), async (seed) => {
        const simulation = new Simulation(choicesOf(seed), settleTurns);
        await simulation.run(steps);
        expect(simulation.faults).toEqual([]);
      }),
      failedBefore === undefined ? { numRuns: runs } : { numRuns: 1, examples: [[Number(failedBefore)]] },
    );
  },
  120_000 + runs * 500,
);
