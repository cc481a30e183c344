import { describe, expect, test } from '@jest/globals';
import type { ErrorGroup, ErrorRecord } from '@kintsugi/contracts';
import { Output } from '../terminal/output.js';
import { groupLines, recordLines, recordListLines } from './error-lines.js';

const screen = new Output({ write: () => undefined }, { write: () => undefined }, false, {});
const at = '2026-11-23T06:00:00.000Z';
const group: ErrorGroup = {
  id: 'grp_0123456789abcdef0123456789abcdef',
  title: 'the worker was lost',
  error_type: 'worker.lost',
  count: 9,
  by_status: { pending: 3, in_progress: 1, recovered: 2, failed: 3 },
  waiting: 5,
  outcome_unknown: 2,
  jobs: 2,
  first_seen: at,
  last_seen: at,
  example_record_id: 'err_01890a5d-ac96-774b-bcce-b302099a8057.0.1',
};
const record: ErrorRecord = {
  id: group.example_record_id,
  tenant: 'default',
  error_type: 'worker.lost',
  error_message: 'the worker was lost',
  timestamp: at,
  retry_count: 0,
  recovery_status: 'pending',
  recovery_attempts: [],
  failed_runs: [],
  group_id: group.id,
  group_title: group.title,
  decision: [],
  verified_by: null,
  next_retry_at: null,
};

const joined = (lines: string[]): string => lines.join(' ').replace(/ +/g, ' ');

test('a run that failed is told with where it was, of which version, how long, and what failed behind it', () => {
  const run = { attempt: 1, failed_at: at, error_type: 'smtp.451', retry_delay_ms: 5_000 };
  const told = { took_ms: 40, worker: 'mail-1', host: 'north', version: '2.1', dependency: 'relay' };
  const lines = joined(
    recordLines(
      {
        ...record,
        failed_runs: [
          { ...run, ...told },
          { ...run, attempt: 2 },
        ],
      },
      screen,
    ),
  );
  expect(lines).toContain(`1. ${at} smtp.451 after 40 ms, on north, version 2.1, dependency relay, a retry in 5 s`);
  expect(lines).toContain(`2. ${at} smtp.451, a retry in 5 s`);
});

test('what a person had run again is told with who asked for it, from which step, and with which params', () => {
  const done = { timestamp: at, method: 'manual_recover', result: 'recovered' };
  const asked = { recovery_id: 'rcv_1', requested_by: 'ada', custom_params: { to: 'x'.repeat(100) }, from_step: 'charge' };
  const lines = recordLines({ ...record, recovery_attempts: [{ ...done, ...asked }, done] }, screen);
  expect(joined(lines)).toContain(`${at} manual_recover: recovered, asked for by ada, from the step charge, with {"to":"xxx`);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

describe('what waits for a person', () => {
  test('is shown as waiting and not as under way, with what to do', () => {
    const lines = groupLines([group], screen);
    expect(joined(lines)).toContain('9 in all 2 recovered 1 under way 5 waiting for you, 2 of unknown outcome 1 cancelled last');
    expect(joined(lines)).toContain('./kintsugi recover ID --force');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('is not asked for where nothing waits', () => {
    const healing = {
      ...group,
      waiting: 0,
      outcome_unknown: 0,
      by_status: { pending: 0, in_progress: 9, recovered: 0, failed: 0 },
    };
    expect(joined(groupLines([healing], screen))).toMatch(/9 under way last .* ago grp_\w+$/);
  });

  test('is told of a record too', () => {
    expect(joined(recordListLines({ items: [record], next_cursor: null }, screen))).toContain(`${record.id} waiting 0`);
    expect(joined(recordLines(record, screen))).toMatch(/waiting Error .*recover ID runs it again; .*--force/);
  });
});

describe('one record', () => {
  const failed: ErrorRecord = {
    ...record,
    recovery_status: 'failed',
    stack_trace: `Error: no\n    at handler (file:///srv/mail/worker.mjs:7:20)\n    at ${'deep/'.repeat(40)}run.js:1:1`,
  };

  test('that failed for good says how it is run again', () => {
    expect(joined(recordLines(failed, screen))).toMatch(/recover ID runs it again, with --param KEY=VALUE/);
    expect(joined(recordLines({ ...failed, recovery_status: 'recovered' }, screen))).not.toContain('runs it again');
  });

  test('shows the calls of its stack below the error, and fits', () => {
    const lines = recordLines(failed, screen);
    expect(lines).toContain('  at handler (file:///srv/mail/worker.mjs:7:20)');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
