import { describe, expect, test } from '@jest/globals';
import { commands } from '@kintsugi/contracts';
import { everyPhase } from '../../records/domain/record-lifecycle.js';
import { commandsOwed, type OwingRecord } from './owed-commands.js';

const task_id = 'task_01890a5d-ac96-774b-bcce-b302099a8057.0.3';
const record: OwingRecord = {
  task_id,
  attempt: 2,
  phase: 'deferred',
  next_retry_at: '2026-11-23T06:00:05.000Z',
  decision: ['terminal class: no', 'scheduled in 5 s'],
  manual_recovery_id: null,
  resend_at: null,
};

describe('the command that a record owes', () => {
  test('defers a task whose retry is scheduled', () => {
    const { deferTasks } = commandsOwed([record]);
    expect(deferTasks).toEqual([{ task_id, attempt: 2, next_attempt_at: '2026-11-23T06:00:05.000Z' }]);
    expect(commands.deferTasks.data.safeParse({ tasks: deferTasks }).success).toBe(true);
  });

  test('orders a task whose retry was due', () => {
    expect(commandsOwed([{ ...record, phase: 'retrying', next_retry_at: null }]).retryTasks).toEqual([{ task_id, attempt: 2 }]);
  });

  test('discards a task with the last reason, however long', () => {
    const decision = ['policy: x', `terminal class: yes (${'é💥'.repeat(200)})`];
    const { discardTasks } = commandsOwed([{ ...record, phase: 'discarded', decision }]);
    expect(commands.discardTasks.data.safeParse({ tasks: discardTasks }).success).toBe(true);
    expect(discardTasks[0]?.reason).toMatch(/^terminal class: yes/);
  });

  test('keeps a task from running that a rule has quarantined, and has its job fail where a rule says so', () => {
    const resend_at = '2026-11-23T06:00:30.000Z';
    const { discardTasks } = commandsOwed([
      { ...record, phase: 'quarantined', resend_at },
      { ...record, phase: 'discarded', fails_job: true },
    ]);
    expect(discardTasks).toMatchObject([{ quarantine: true }, { fail_job: true }]);
    expect(commands.discardTasks.data.safeParse({ tasks: discardTasks }).success).toBe(true);
  });

  test('requeues tasks apart by the recovery that asks for them', () => {
    const requeued = (manual_recovery_id: string): OwingRecord => ({ ...record, phase: 'requeued', manual_recovery_id });
    const { requeueTasks } = commandsOwed([requeued('rcv_1'), requeued('rcv_2'), requeued('rcv_1')]);
    expect([...requeueTasks].map(([id, tasks]) => [id, tasks.length])).toEqual([
      ['rcv_1', 2],
      ['rcv_2', 1],
    ]);
  });

  test('is none for a record that nobody acts on', () => {
    const silent = everyPhase.filter((phase) => !['deferred', 'retrying', 'discarded', 'requeued'].includes(phase));
    const owed = commandsOwed(silent.map((phase) => ({ ...record, phase })));
    expect(owed).toEqual({ deferTasks: [], discardTasks: [], retryTasks: [], requeueTasks: new Map() });
  });
});
