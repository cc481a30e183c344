import { describe, expect, test } from '@jest/globals';
import { limits, type KeepStep, type Step } from '@kintsugi/contracts';
import { TaskSteps, type StepShelf } from './task-steps.js';

const task = { id: 'task_1.0.0', key: null, job_id: 'job_1', type: 't', payload: null };

/** A task whose runs keep their steps in memory. */
function steppedTask() {
  const kept: Step[] = [];
  const asked: string[] = [];
  const warnings: string[] = [];
  let reads = 0;
  const shelf: StepShelf = {
    read: async () => {
      reads += 1;
      return structuredClone(kept);
    },
    keep: async ({ name, sequence, attempt, result }: Omit<KeepStep, 'worker_id'>) => {
      const times = { started_at: '', finished_at: '', duration_ms: 1 };
      kept.push({ name, sequence, attempt, ...times, ...(result === '' ? {} : { result: JSON.parse(result) as unknown }) });
    },
  };
  let attempt = 0;
  const run = async (handler: (step: (name: string, work?: () => unknown) => Promise<unknown>) => Promise<unknown>) => {
    attempt += 1;
    const log = (line: string): void => void warnings.push(line);
    const steps = new TaskSteps(
      { task, attempt, signal: new AbortController().signal, log },
      { fence: attempt, hasSteps: kept.length > 0 },
      shelf,
    );
    const result = await handler((name, work = () => `${name} of ${attempt}`) =>
      steps.step(name, () => {
        asked.push(name);
        return work();
      }),
    );
    steps.end();
    return result;
  };
  return { kept, asked, warnings, run, reads: () => reads };
}

const failing = (): never => {
  throw new Error('the bank is away');
};

describe('the steps of a task', () => {
  test('are done once: the next run goes on where the one before failed', async () => {
    const { run, asked, kept, warnings } = steppedTask();
    const handler = (charge: () => unknown) => (step: (name: string, work?: () => unknown) => Promise<unknown>) =>
      step('reserve').then(async (reserved) => [reserved, await step('charge', charge), await step('ship')]);
    await expect(run(handler(failing))).rejects.toThrow('the bank is away');
    expect(await run(handler(() => ({ paid: 1 })))).toEqual(['reserve of 1', { paid: 1 }, 'ship of 2']);
    expect(asked).toEqual(['reserve', 'charge', 'charge', 'ship']);
    expect(kept.map(({ name, sequence, attempt }) => [name, sequence, attempt])).toEqual([
      ['reserve', 0, 1],
      ['charge', 1, 2],
      ['ship', 2, 2],
    ]);
    expect(warnings).toEqual([]);
  });

  test('give at the first run what they give at the next: JSON, and nothing where nothing was returned', async () => {
    const { run } = steppedTask();
    const handler = async (step: (name: string, work?: () => unknown) => Promise<unknown>) => [
      await step('date', () => ({ at: new Date(0), left: undefined })),
      await step('nothing', () => undefined),
      await step('null', () => null),
    ];
    const first = await run(handler);
    expect(first).toEqual([{ at: '1970-01-01T00:00:00.000Z' }, undefined, null]);
    expect(await run(handler)).toEqual(first);
  });

  test('ask nobody for earlier ones where the lease names none', async () => {
    const { run, reads } = steppedTask();
    await run((step) => step('a'));
    expect(reads()).toBe(0);
    await run((step) => Promise.all([step('a'), step('b')]));
    expect(reads()).toBe(1);
  });

  test('that begin together are each done once', async () => {
    const { run, asked, warnings } = steppedTask();
    const both = (last: () => unknown) => (step: (name: string, work?: () => unknown) => Promise<unknown>) =>
      Promise.all([step('slow', last), step('quick')]);
    await expect(run(both(async () => Promise.resolve().then(failing)))).rejects.toThrow('away');
    expect(await run(both(() => 'late'))).toEqual(['late', 'quick of 1']);
    expect([asked, warnings]).toEqual([['slow', 'quick', 'slow'], []]);
  });

  test.each([
    ['step.name_repeated', 'each needs a name', (step: (name: string) => Promise<unknown>) => step('a').then(() => step('a'))],
    ['step.name_invalid', 'needs a name', (step: (name: string) => Promise<unknown>) => step('')],
  ])('are refused for good as %s', async (type, text, handler) => {
    const refused = steppedTask().run((step) => handler((name) => step(name)));
    await expect(refused).rejects.toMatchObject({ details: { error_type: type, non_retryable: true } });
    await expect(refused).rejects.toThrow(new RegExp(text, 'i'));
  });

  test.each([
    ['step.result_too_large', () => 'x'.repeat(limits.stepBytes)],
    ['step.result_invalid', () => 1n],
  ])('whose result cannot be kept fail as %s', async (type, work) => {
    const { run, kept } = steppedTask();
    await expect(run((step) => step('a', work))).rejects.toMatchObject({ details: { error_type: type } });
    expect(kept).toEqual([]);
  });

  test('have a bound', async () => {
    const { run, kept } = steppedTask();
    const all = run(async (step) => {
      for (let number = 0; number <= limits.stepsPerTask; number += 1) await step(`step ${number}`);
    });
    await expect(all).rejects.toMatchObject({ details: { error_type: 'step.too_many' } });
    expect(kept).toHaveLength(limits.stepsPerTask);
  });

  test('whose names have changed since the run before are told, and what is new is run', async () => {
    const { run, warnings, asked } = steppedTask();
    await run((step) => step('charge'));
    expect(await run((step) => step('charge-card'))).toBe('charge-card of 2');
    expect(asked).toEqual(['charge', 'charge-card']);
    expect(warnings).toEqual([expect.stringContaining('The step charge-card is run although charge of an earlier run')]);
  });

  test('that a run has left out are told at its end', async () => {
    const { run, warnings } = steppedTask();
    await run((step) => step('charge'));
    await run(async () => 'done');
    expect(warnings).toEqual([]);
    await run((step) => step('charge').then(() => step('ship')));
    await run((step) => step('charge'));
    expect(warnings).toEqual([expect.stringContaining('without the steps ship of an earlier run')]);
  });
});
