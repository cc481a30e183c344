import { describe, expect, test } from '@jest/globals';
import { rerunPartialSchema, type RerunPlan } from '@kintsugi/contracts';
import { canRun, emptyRerunForm, rerunCommandOf, rerunInputOf, type RerunForm } from './rerun-form.js';

const jobId = 'job_01890a5d-ac96-774b-bcce-b302099a8057';
const asked = (form: Partial<RerunForm>) => rerunInputOf(jobId, { ...emptyRerunForm, ...form });
const whole: Partial<RerunForm> = {
  ...{ states: ['dead'], errorTypes: ['smtp.*'], tasks: ' a, b\nc a ', parameters: '{"to": "ada\'s", "n": 2}' },
  ...{ alsoSucceeded: true, downstream: false, upstream: true },
};

describe('what is chosen', () => {
  test('by nobody is what failed, with what waits for it', () => {
    expect(asked({})).toEqual({ job_id: jobId, only_failed: true, include_downstream: true, include_upstream: false });
  });

  test('is asked for as the platform takes it', () => {
    expect(asked(whole)).toEqual({
      ...{ job_id: jobId, states: ['dead'], error_types: ['smtp.*'], task_ids: ['a', 'b', 'c'] },
      ...{ only_failed: false, include_downstream: false, include_upstream: true, parameters: { to: "ada's", n: 2 } },
    });
    expect(rerunPartialSchema.safeParse(asked(whole)).success).toBe(true);
  });

  test('may be made as it is defined now, of what has changed', () => {
    const input = asked({ latest: true, unchanged: true })!;
    expect(input).toMatchObject({ definition: 'latest', reuse: 'unchanged' });
    expect(rerunPartialSchema.safeParse(input).success).toBe(true);
    expect(rerunCommandOf(input)).toBe(`./kintsugi rerun ${jobId} --latest --unchanged --run`);
  });

  test.each(['{', '[1]', '"x"', 'null'])('asks for nothing while %j are its parameters', (parameters) => {
    expect(asked({ parameters })).toBeNull();
  });

  test('keeps the digits of a number that no double holds, here and from a terminal', () => {
    const input = asked({ parameters: '{"account": 12345678901234567890}' })!;
    expect(JSON.stringify(input)).toContain('"parameters":{"account":12345678901234567890}');
    expect(rerunCommandOf(input)).toContain('--set account=12345678901234567890 ');
  });

  test('is the same from a terminal', () => {
    expect(rerunCommandOf(asked(whole)!)).toBe(
      `./kintsugi rerun ${jobId} --task a --task b --task c --state dead --error-type 'smtp.*' --all --no-downstream --upstream ` +
        `--set 'to="ada'\\''s"' --set n=2 --run`,
    );
    expect(rerunCommandOf(asked({})!)).toBe(`./kintsugi rerun ${jobId} --run`);
  });
});

test('only a plan that runs something and refuses nothing can be carried out', () => {
  const plan = (rerun: number, refused: number) => ({ rerun: { total: rerun }, refused: { total: refused } }) as RerunPlan;
  expect([canRun(plan(1, 0)), canRun(plan(0, 0)), canRun(plan(3, 1))]).toEqual([true, false, false]);
});
