import { describe, expect, test } from '@jest/globals';
import type { RerunPlan } from '@kintsugi/contracts';
import { Output } from '../terminal/output.js';
import { widthOf } from '../terminal/text-width.js';
import { rerunLines } from './rerun-lines.js';

const screen = new Output({ write: () => undefined }, { write: () => undefined }, false, {});
const uuid = '01890a5d-ac96-774b-bcce-b302099a8057';
const task = { task_id: `task_${uuid}.0.1`, key: 'fetch-the-results-of-'.repeat(5), state: 'dead' as const };
const none = { total: 0, tasks: [] };
const definition = { asked: 'original', from: 'job', name: `job_${uuid}`, differs: [], tasks_changed: 0 } as const;
const plan: RerunPlan = {
  ...{
    job_id: `job_${uuid}`,
    dry_run: true,
    estimated_run_ms: 4_000,
    run: null,
    warnings: ['1 task of an unsafe job ran before.'],
  },
  ...{
    rerun: { total: 1, tasks: [{ ...task, content_key: null, because: 'selected' }] },
    reuse: none,
    left_out: none,
    refused: none,
  },
  definition: { ...definition, differs: [] },
};

function latest(given: Partial<RerunPlan['definition']>): RerunPlan['definition'] {
  return { ...definition, differs: [], asked: 'latest', from: 'schedule', name: 'nightly', ...given };
}

function refusedBecause(because: 'not_succeeded' | 'changed'): Partial<RerunPlan> {
  return { refused: { total: 1, tasks: [{ ...task, waits_for: `task_${uuid}.0.0`, because }] } };
}

describe('a plan of a rerun', () => {
  test.each<[string, Partial<RerunPlan>, string]>([
    ['of what would run', {}, '--run does it'],
    ['that is refused in part', refusedBecause('not_succeeded'), '--upstream'],
    ['that is refused for other inputs', refusedBecause('changed'), 'was made of other inputs'],
    ['of the latest definition, where there is none', { definition: latest({ from: 'job' }) }, 'Nothing defines it anew'],
    [
      'as a schedule is now',
      { definition: latest({ tasks_changed: 2, differs: [{ field: 'timeout_s', original: null, latest: 5 }] }) },
      'schedule nightly is now: 2 tasks with another payload; other timeout_s.',
    ],
    ['as a schedule still is', { definition: latest({}) }, 'nothing differs'],
    ['that was carried out', { run: { job_id: `job_${uuid}`, status: 'pending', total_tasks: 1, retry_count: 1 } }, '--watch'],
  ])('%s is told within 80 columns', (_, given, words) => {
    const lines = rerunLines({ ...plan, ...given }, screen);
    expect(lines.join(' ')).toContain(words);
    expect(lines.join(' ')).toContain('Beware: 1 task of an unsafe job');
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(80);
  });
});
