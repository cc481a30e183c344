import { test } from '@jest/globals';
import * as fc from 'fast-check';
import { decisions } from './simulation/modelled-service.js';
import { interruptible, ModelledWorld } from './simulation/modelled-world.js';

/** Runs of this file; TEST_RUNS asks for more of them. */
const runs = Number(process.env['TEST_RUNS'] ?? 10_000);
const commandsMax = 30;
/** The same runs each time, unless more or others are asked for: what they find anew is not to stop who changed something else. */
const seeded = process.env['TEST_RUNS'] === undefined ? { seed: 1 } : {};

type Commanded = fc.AsyncCommand<object, ModelledWorld>;

/** As `expect` would, at a tenth of its price: this is asked after each of some hundred thousand commands. */
function requireNone(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

/** A command that may be given at any time; where there is nothing that it could be about, it changes nothing. */
function command(name: string, run: (world: ModelledWorld) => Promise<void> | void): Commanded {
  return {
    check: () => true,
    async run(_, world) {
      await run(world);
      await world.check();
      requireNone(world.faults);
    },
    toString: () => name,
  };
}

const pick = fc.nat(20);
const safeties = fc.constantFrom('idempotent' as const, 'unsafe' as const);
const shapes = fc.record({
  tasks: fc.integer({ min: 1, max: 4 }),
  chained: fc.boolean(),
  safety: safeties,
  rule: fc.constantFrom('fail' as const, 'skip' as const, 'run' as const),
});
const submit = shapes.map((shape) => command(`submit ${JSON.stringify(shape)}`, (world) => world.submit(shape)));
const submitSingles = fc
  .tuple(fc.integer({ min: 1, max: 4 }), safeties)
  .map(([count, safety]) => command(`submit ${count} singles ${safety}`, (world) => world.submitSingles(count, safety)));
const beat = pick.map((of) => command(`beat ${of}`, (world) => world.beat(of)));
const dispatch = fc.constant(command('dispatch', (world) => world.dispatch()));
const deliver = pick.map((of) => command(`deliver (reorder) ${of}`, (world) => world.deliver(of, false)));
const finish = fc
  .tuple(pick, fc.integer({ max: 3, min: 0 }))
  .map(([of, luck]) => command(`finish ${of} ${luck > 0}`, (world) => world.finish(of, luck > 0)));
const others = [
  pick.map((of) => command(`duplicate ${of}`, (world) => world.duplicate(of))),
  pick.map((of) => command(`redeliver ${of}`, (world) => world.deliver(of, true))),
  pick.map((of) => command(`expire ${of}`, (world) => world.expire(of))),
  pick.map((of) => command(`cancel ${of}`, (world) => world.cancel(of))),
  fc.tuple(pick, fc.boolean()).map(([of, stop]) => command(`pause ${of} ${stop}`, (world) => world.pause(of, stop))),
  pick.map((of) => command(`resume ${of}`, (world) => world.resume(of))),
  fc
    .tuple(pick, fc.constantFrom(...decisions))
    .map(([of, decision]) => command(`${decision} ${of}`, async (world) => void (await world.recover(of, decision)))),
  pick.map((of) => command(`delete ${of}`, (world) => world.delete(of))),
  fc
    .tuple(fc.constantFrom(...interruptible), pick, fc.nat(6))
    .map(([what, of, turns]) => command(`crash ${what} ${of} ${turns}`, (world) => world.crash(what, of, turns))),
  fc.constant(command('restart', (world) => world.restart())),
  fc.constant(command('round', (world) => world.round())),
];
// What makes work go on comes more often, or hardly a task would get far.
const commands = fc.commands(
  [submit, submit, submitSingles, beat, beat, dispatch, deliver, deliver, deliver, finish, finish, ...others],
  {
    maxCommands: commandsMax,
    size: 'max',
  },
);

test(
  'whatever is asked for, lost, late, repeated or killed: no task runs twice at once, none is lost, and every job comes to its end',
  async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (given) => {
        let world: ModelledWorld | undefined;
        try {
          await fc.asyncModelRun(async () => ({ model: {}, real: (world = await ModelledWorld.begin()) }), given);
          await world?.finishAll();
          requireNone(world?.faults ?? []);
        } finally {
          world?.end();
        }
      }),
      { numRuns: runs, ...seeded },
    );
  },
  120_000 + runs * 300,
);
