import { equal } from 'node:assert/strict';
import { DEFAULT_TENANT } from '@kintsugi/contracts';
import { recordSample } from '../records/domain/error-record-sample.js';
import { begin, equalText } from '../records/error-records-conformance.js';
import type { ErrorRecords } from '../records/error-records.js';
import type { AnalysedPart, AnalysedRecords } from './analysed-records.js';

interface Analysed {
  records: ErrorRecords;
  analysed: AnalysedRecords;
}

/** What every reader of many error records promises. It begins without any. */
export const analysedPromises: [promise: string, hold: (given: Analysed) => Promise<void>][] = [
  ['gives the records of a time, from its start on and before its end, with what an analysis looks at', givesThoseOfATime],
  ['gives those of error types and prefixes, jobs and tenants', givesThoseAskedFor],
];

const start = new Date('2026-11-23T06:00:00.000Z');
const end = new Date('2026-11-23T07:00:00.000Z');
const otherJob = 'job_01890a5d-ac96-774b-bcce-b302099a8058';

async function found({ analysed }: Analysed, part: Partial<AnalysedPart> = {}): Promise<string[]> {
  const groups: string[] = [];
  for await (const { group_title: title } of analysed.read({ start, end, ...part })) groups.push(title);
  return groups.sort();
}

async function givesThoseOfATime(given: Analysed): Promise<void> {
  const times = ['05:59:59.999', '06:00:00.000', '06:59:59.999', '07:00:00.000'];
  const records = times.map((time, index) =>
    recordSample(index, { timestamp: `2026-11-23T${time}Z`, group_title: String(index), phase: 'discarded' }),
  );
  await begin(given.records, ...records);
  equalText(await found(given), ['1', '2']);
  for await (const record of given.analysed.read({ start, end: new Date(start.getTime() + 1) })) {
    const { job_id, job_type, failed_runs, recovery_status, group_id } = records[1] ?? recordSample(1);
    equalText(
      [record.job_id, record.job_type, record.failed_runs, record.recovery_status, record.group_id],
      [job_id, job_type, failed_runs, recovery_status, group_id],
    );
    equal(record.closed_at, undefined);
  }
}

async function givesThoseAskedFor(given: Analysed): Promise<void> {
  const changes = [
    { error_type: 'smtp.451' },
    { error_type: 'smtp.550', job_id: otherJob },
    { error_type: 'smtp', tenant: 'acme' },
    { error_type: 'smtq.1' },
  ];
  const timestamp = start.toISOString();
  await begin(
    given.records,
    ...changes.map((change, index) => recordSample(index, { timestamp, group_title: String(index), ...change })),
  );
  equalText(await found(given, { error_types: ['smtp.*'] }), ['0', '1']);
  equalText(await found(given, { error_types: ['smtp', 'smtp.550'] }), ['1', '2']);
  equalText(await found(given, { error_types: ['*'] }), ['0', '1', '2', '3']);
  equalText(await found(given, { job_ids: [otherJob] }), ['1']);
  equalText(await found(given, { tenant: 'acme' }), ['2']);
  equalText(await found(given, { tenant: DEFAULT_TENANT }), ['0', '1', '3']);
}
