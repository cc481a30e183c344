import { describe, expect, it } from '@jest/globals';
import { isFinished, jobVersion, type BatchJob, type JobStatus } from '@kintsugi/contracts';
import { correctionOf, versionOf } from './job-correction.js';
import { emptyRow, joinRows, type Ending, type JobRow } from './job-row.js';
import { stateOf } from './job-state.js';

const now = Date.parse('2026-03-02T00:00:00.000Z');
const ownId = 'job_01890a5d-ac96-774b-bcce-b302099a8057';
const bundledId = `${ownId}.7`;

/** Mulberry32: the same cases at every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const openStatuses = ['pending', 'running', 'cancelling', 'recovering'] as JobStatus[];
const endedStatuses: Ending['status'][] = ['completed', 'failed', 'cancelled'];

function jobOf(id: string, status: JobStatus, startedMs: number | null, finishedMs: number | null): BatchJob {
  const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  return {
    ...{
      id,
      status,
      type: 't',
      product_id: 'p',
      sending_group_id: 'g',
      user_id: 'u',
      tenant: 'default',
      priority: 5,
      safety: 'idempotent',
      labels: {},
    },
    ...{ max_parallel_tasks: null, retry_config: null, resource_limits: null, total_tasks: 1, task_counts: { succeeded: 1 } },
    detailed_status: { current_phase: status, progress_percentage: 0, active_tasks: 0, error_count: 0 },
    created_at: new Date(now).toISOString(),
    started_at: iso(startedMs),
    finished_at: isFinished(status) ? iso(finishedMs) : null,
  };
}

function endingOf(status: Ending['status'], at: number, startedMs: number | null): Ending {
  return {
    ...{ at, status, finished_at: at, started_at: startedMs, total_tasks: 1, task_counts: {}, retries: 0, recovered: 0 },
    ...{ first_try: 0, error_types: {}, task_ms: null, submit_to_done_ms: null },
  };
}

/** A row that any of its events may be missing from. */
function anyRow(id: string, chance: () => number, startedMs: number | null): JobRow {
  const time = (): number => now + Math.floor(chance() * 20);
  const pick = <Of>(list: readonly Of[]): Of => list[Math.floor(chance() * list.length)] as Of;
  const perhaps = <Of>(give: () => Of): Of | null => (chance() < 0.5 ? give() : null);
  const progress = { task_counts: {}, detailed_status: jobOf(id, 'running', null, null).detailed_status };
  return {
    ...emptyRow(id),
    first_started_at: startedMs === null ? null : perhaps(() => startedMs),
    last_started_at: startedMs === null ? null : perhaps(() => startedMs),
    progress: perhaps(() => ({ at: time(), status: pick(openStatuses), ...progress })),
    ending: perhaps(() => endingOf(pick(endedStatuses), time(), startedMs)),
    recovery: perhaps(() => ({ at: time(), status: 'recovering' })),
  };
}

describe('a correction', () => {
  it('has the history say what the record does, whatever it said before', () => {
    const chance = seeded(7);
    for (let run = 0; run < 5_000; run += 1) {
      const id = chance() < 0.5 ? ownId : bundledId;
      const startedMs = chance() < 0.3 ? null : now + 5;
      const statuses = [...openStatuses, ...endedStatuses] as JobStatus[];
      const status = statuses[Math.floor(chance() * statuses.length)] as JobStatus;
      const finishedMs = startedMs === null && id === bundledId ? null : now + Math.floor(chance() * 25);
      const job = jobOf(id, status, startedMs, finishedMs);
      const known = anyRow(id, chance, startedMs);
      const corrected = joinRows(known, correctionOf(job, known, now + 30));
      expect(stateOf(corrected).status).toBe(status);
      expect(versionOf(corrected)).toBe(jobVersion(id, status, startedMs, finishedMs));
    }
  });

  it('of a job that runs again leaves the last word to an end that is told later', () => {
    const known = { ...emptyRow(ownId), ending: endingOf('failed', now + 10, now) };
    const corrected = joinRows(known, correctionOf(jobOf(ownId, 'running', now, null), known, now + 500));
    expect(stateOf(corrected).status).toBe('running');
    const ended = joinRows(corrected, { ...emptyRow(ownId), ending: endingOf('completed', now + 400, now) });
    expect(stateOf(ended).status).toBe('completed');
  });

  it('of a job that has ended leaves the last word to a recovery that is told later', () => {
    const job = jobOf(ownId, 'failed', now, now + 10);
    const corrected = joinRows(emptyRow(ownId), correctionOf(job, emptyRow(ownId), now + 500));
    const recovered = joinRows(corrected, { ...emptyRow(ownId), recovery: { at: now + 400, status: 'recovering' } });
    expect(stateOf(recovered).status).toBe('recovering');
  });
});

it('a job whose creation is not known has no version, so that it is asked for', () => {
  expect(versionOf({ ...emptyRow(ownId), ending: endingOf('completed', now, now) })).toBeNull();
});
