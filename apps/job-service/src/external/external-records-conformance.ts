import { equal } from 'node:assert/strict';
import { externalJobSample } from './domain/external-job-sample.js';
import type { ExternalRecords } from './external-records.js';

/** What every keeper of external jobs promises. `records` begins without jobs. */
export const externalPromises: [promise: string, hold: (records: ExternalRecords) => Promise<void>][] = [
  ['takes a job in once', takesOnce],
  ['writes to the version that it was made from, with its events', writesVersions],
  ['gives the silent ones, the longest first, and when the next will be', givesSilent],
];

/** As text: what comes from a driver is of another realm than what a test runner makes. */
function equalText(found: unknown, wanted: unknown): void {
  equal(JSON.stringify(found), JSON.stringify(wanted));
}

async function takesOnce(records: ExternalRecords): Promise<void> {
  equal(await records.insert(externalJobSample({ priority: 7 })), true);
  equal(await records.insert(externalJobSample({ priority: 1 })), false);
  equal((await records.find(externalJobSample()._id))?.priority, 7);
  equal(await records.find('job_2'), null);
}

async function writesVersions(records: ExternalRecords): Promise<void> {
  const job = externalJobSample();
  await records.insert(job);
  const next = { ...job, status: 'running' as const, started_at: 'then', external: { ...job.external, version: 2, phase: 'x' } };
  const event = { id: 'evt_1', name: 'job.started' as const, at: 1, data: { jobs: [{ job_id: job._id, started_at: '' }] } };
  equal(await records.write(next, 2, []), false);
  equal(await records.write(next, 1, [event]), true);
  equal(await records.write(next, 1, [event]), false);
  const { status, started_at, events, outbox, external } = (await records.find(job._id)) ?? {};
  equalText([status, started_at, events, outbox?.length, external?.phase], ['running', 'then', 2, 1, 'x']);
}

async function givesSilent(records: ExternalRecords): Promise<void> {
  equal(await records.nextStall(), null);
  for (const [id, stall_at] of [
    ['job_1', 3_000],
    ['job_2', 1_000],
    ['job_3', null],
    ['job_4', 2_000],
  ] as const) {
    await records.insert(externalJobSample({ _id: id, external: { stall_at } }));
  }
  equal(await records.nextStall(), 1_000);
  const ids = async (heard: number, limit: number) => (await records.silent(heard, limit)).map(({ _id }) => _id);
  equalText(await ids(2_000, 10), ['job_2', 'job_4']);
  equalText(await ids(9_000, 2), ['job_2', 'job_4']);
  equalText(await ids(999, 10), []);
}
