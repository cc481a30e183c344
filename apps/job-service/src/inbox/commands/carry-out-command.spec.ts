import { beforeEach, expect, test } from '@jest/globals';
import { ProblemError, subjects, type UpdateBatchJob as Update } from '@kintsugi/contracts';
import { Turns, atOnceBytesMax, type Acts, type AuditedCalls } from '@kintsugi/hosting';
import type { UpdateBatchJob } from '../../control/commands/update-batch-job.js';
import type { AnswerCreateJob } from '../../intake/answer-create-job.js';
import { IncomingJobs } from '../../intake/incoming-job.js';
import { uuid } from '../../tasks/domain/chunk-sample.js';
import { CommandReader } from '../command-reader.js';
import type { ApplyRecovery } from './apply-recovery.js';
import { CarryOutCommand } from './carry-out-command.js';

const one = `job_${uuid}`;
const other = `job_${uuid.replace('01890a5d', '01890a5e')}`;
const away = new ProblemError('STORE_UNAVAILABLE', 'away');

let reader: CommandReader;
let command: CarryOutCommand;
let reported: unknown[][];
let fault: Error | null;

beforeEach(() => {
  [reported, fault] = [[], null];
  const turns = new Turns();
  reader = new CommandReader(turns, new IncomingJobs(turns, { INEXACT_NUMBERS: 'refuse' }));
  const updates = {
    execute: async ({ job_id: jobId, status }: Update): Promise<void> => {
      if (fault) throw fault;
      reported.push([jobId, status]);
    },
  };
  command = new CarryOutCommand(
    reader,
    {} as AnswerCreateJob,
    updates as unknown as UpdateBatchJob,
    {} as ApplyRecovery,
    {} as Acts,
    { run: (_call: unknown, execute: () => Promise<unknown>) => execute() } as unknown as AuditedCalls,
  );
});

function report(sequence: number | null, update: Update): Promise<unknown> {
  const data = new TextEncoder().encode(JSON.stringify(update));
  return command.execute({ subject: subjects.command('updateBatchJob'), data, headers: undefined }, `key-${sequence}`, sequence);
}

const large = { error_details: { code: 'x', message: 'large', stack: 'x'.repeat(2 * atOnceBytesMax) } } as const;

test('a large report of a job is carried out before small ones behind it, and holds up none of another job', async () => {
  await Promise.all([
    report(1, { ...large, job_id: one, status: 'running' }),
    report(2, { job_id: one, status: 'completed' }),
    report(3, { job_id: other, status: 'running' }),
  ]);
  expect(reported).toEqual([
    [other, 'running'],
    [one, 'running'],
    [one, 'completed'],
  ]);
});

test('a report that fails as nobody expected while it is read holds up none of another job', async () => {
  const read = reader.read.bind(reader);
  reader.read = (subject, payload) =>
    payload.length > atOnceBytesMax ? Promise.reject(new TypeError('x')) : read(subject, payload);
  const [failed, next] = await Promise.allSettled([
    report(1, { ...large, job_id: one }),
    report(2, { job_id: other, status: 'running' }),
  ]);
  expect([failed.status, next.status]).toEqual(['rejected', 'fulfilled']);
});

test('a report that is to come again is not overtaken by a later one, unless it is given up', async () => {
  fault = away;
  await expect(report(1, { job_id: one, status: 'running' })).rejects.toBe(away);
  fault = null;
  await expect(report(2, { job_id: one, status: 'completed' })).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  await report(null, { job_id: one, status: 'paused' });
  await report(1, { job_id: one, status: 'running' });
  await report(2, { job_id: one, status: 'completed' });
  expect(reported.map(([, status]) => status)).toEqual(['paused', 'running', 'completed']);
  fault = away;
  await expect(report(3, { job_id: one, status: 'recovering' })).rejects.toBe(away);
  fault = null;
  command.noteGivenUp(3);
  await report(4, { job_id: one, status: 'running' });
});
