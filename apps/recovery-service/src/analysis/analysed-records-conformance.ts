import { deepEqual, equal } from 'node:assert/strict';
import { DEFAULT_TENANT } from '@kintsugi/contracts';
import { recordSample } from '../records/domain/error-record-sample.js';
import { begin, equalText } from '../records/error-records-conformance.js';
import type { ErrorRecords } from '../records/error-records.js';
import type { AnalysedRecords } from './analysed-records.js';
import type { AnalysedPart } from './domain/analysed-part.js';
import { FailureAnalyst } from './domain/failure-analyst.js';
import { plainAnalysis } from './plain-analysis.js';

interface Analysed {
  records: ErrorRecords;
  analysed: AnalysedRecords;
}

/** What every reader of many error records promises. It begins without any. */
export const analysedPromises: [promise: string, hold: (given: Analysed) => Promise<void>][] = [
  ['gives the records of a time, from its start on and before its end, with what an analysis looks at', givesThoseOfATime],
  ['gives those of error types and prefixes, jobs and tenants', givesThoseAskedFor],
  ['tells what groups are called, as the newest record of what is asked for has it', tellsWhatGroupsAreCalled],
];

const start = new Date('2026-11-23T06:00:00.000Z');
const end = new Date('2026-11-23T07:00:00.000Z');
const otherJob = 'job_01890a5d-ac96-774b-bcce-b302099a8058';

async function found({ analysed }: Analysed, part: Partial<AnalysedPart> = {}): Promise<string[]> {
  const analyst = new FailureAnalyst({ start, end, ...part }, end.getTime());
  for await (const columns of analysed.read({ start, end, ...part })) analyst.add(columns);
  return analyst
    .result()
    .top_groups.map(({ group_id: id }) => id)
    .sort();
}

async function givesThoseOfATime(given: Analysed): Promise<void> {
  const times = ['05:59:59.999', '06:00:00.000', '06:59:59.999', '07:00:00.000'];
  const records = times.map((time, index) =>
    recordSample(index, { timestamp: `2026-11-23T${time}Z`, group_id: String(index), phase: 'discarded' }),
  );
  await begin(given.records, ...records);
  equalText(await found(given), ['1', '2']);
  const part = { start, end: new Date(start.getTime() + 1) };
  const analyst = new FailureAnalyst(part, end.getTime());
  for await (const columns of given.analysed.read(part)) analyst.add(columns);
  deepEqual(analyst.result(), plainAnalysis(records, part, end.getTime()));
}

async function tellsWhatGroupsAreCalled({ records, analysed }: Analysed): Promise<void> {
  const at = (minute: number): string => new Date(start.getTime() + minute * 60_000).toISOString();
  await begin(
    records,
    recordSample(1, { timestamp: at(1), group_id: 'a', group_title: 'first' }),
    recordSample(2, { timestamp: at(2), group_id: 'a', group_title: 'newest', error_type: 'smtp.550' }),
    recordSample(3, { timestamp: at(3), group_id: 'a', group_title: "another's", tenant: 'acme' }),
    recordSample(4, { timestamp: at(60), group_id: 'a', group_title: 'later' }),
    recordSample(5, { timestamp: at(4), group_id: 'b' }),
    recordSample(6, { timestamp: at(0), group_id: 'a', group_title: 'of its job', job_id: otherJob, error_type: 'net.reset' }),
  );
  const faces = await analysed.facesOf(['a', 'none'], { start, end, tenant: DEFAULT_TENANT });
  equalText([...faces], [['a', { title: 'newest', error_type: 'smtp.550' }]]);
  for (const narrowed of [{ job_ids: [otherJob] }, { error_types: ['net.*'] }]) {
    const ofOne = await analysed.facesOf(['a', 'b'], { start, end, ...narrowed });
    equalText([...ofOne], [['a', { title: 'of its job', error_type: 'net.reset' }]]);
  }
  const ofAll = await analysed.facesOf(['a'], { start, end });
  equal(ofAll.get('a')?.title, "another's");
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
    ...changes.map((change, index) => recordSample(index, { timestamp, group_id: String(index), ...change })),
  );
  equalText(await found(given, { error_types: ['smtp.*'] }), ['0', '1']);
  equalText(await found(given, { error_types: ['smtp', 'smtp.550'] }), ['1', '2']);
  equalText(await found(given, { error_types: ['*'] }), ['0', '1', '2', '3']);
  equalText(await found(given, { job_ids: [otherJob] }), ['1']);
  equalText(await found(given, { tenant: 'acme' }), ['2']);
  equalText(await found(given, { tenant: DEFAULT_TENANT }), ['0', '1', '3']);
}
