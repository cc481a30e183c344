import { DEFAULT_TENANT } from '@kintsugi/contracts';
import { recordSample } from './domain/error-record-sample.js';
import { everyPhase } from './domain/record-lifecycle.js';
import type { ErrorRecordFilter, ErrorRecordPlace, ErrorRecordSearch } from './error-record-search.js';
import { begin, equalText } from './error-records-conformance.js';
import type { ErrorRecords } from './error-records.js';

interface Searched {
  records: ErrorRecords;
  search: ErrorRecordSearch;
}

const otherJob = 'job_01890a5d-ac96-774b-bcce-b302099a8058';
const group = (index: number): string => `grp_${String(index).repeat(32)}`;

/** What every search among error records promises. It begins without any. */
export const searchPromises: [promise: string, hold: (searched: Searched) => Promise<void>][] = [
  ['gives records newest first, by id where many have one time, from a place on', givesNewestFirst],
  ['gives those that a filter is about', filters],
  ['finds records by text, prefix of the type, job type, time and label, from a place on too', searches],
  ['gives the tasks of a job in groups, up to a limit', givesTasksOfGroups],
  ['sums groups up, largest first', sumsGroupsUp],
  ['sums the newest of a group up, and counts all of them', sumsNewestUp],
  ['counts in a group only what the filter is about', countsFiltered],
];

async function givesNewestFirst({ records, search }: Searched): Promise<void> {
  const times = ['2026-11-23T06:00:02.000Z', '2026-11-23T06:00:01.000Z', '2026-11-23T06:00:02.000Z', '2026-11-23T06:00:03.000Z'];
  const given = times.map((timestamp, index) => recordSample(index, { timestamp }));
  await begin(records, ...given);
  equalText(await search.newestFirst({}, null, 9), [given[3], given[2], given[0], given[1]]);
  equalText(await search.newestFirst({}, null, 2), [given[3], given[2]]);
  const placeOf = (index: number): ErrorRecordPlace => ({ timestamp: times[index] ?? '', id: given[index]?._id ?? '' });
  equalText(await search.newestFirst({}, placeOf(2), 1), [given[0]]);
  equalText(await search.newestFirst({}, placeOf(0), 9), [given[1]]);
  equalText(await search.newestFirst({}, placeOf(1), 9), []);
}

async function filters({ records, search }: Searched): Promise<void> {
  const changes = [
    { job_id: otherJob },
    { group_id: group(1) },
    { error_type: 'net.reset' },
    { tenant: 'acme' },
    { phase: 'recovered' },
  ] as const;
  await begin(records, ...changes.map((change, index) => recordSample(index, change)));
  const found = async (filter: ErrorRecordFilter): Promise<string[]> =>
    (await search.newestFirst(filter, null, 9)).map(({ task_id }) => task_id.slice(-1)).sort();
  equalText(await found({ job_id: otherJob }), ['0']);
  equalText(await found({ group_id: group(1), error_type: undefined }), ['1']);
  equalText(await found({ error_type: 'net.reset' }), ['2']);
  equalText(await found({ tenant: 'acme' }), ['3']);
  equalText(await found({ tenant: DEFAULT_TENANT }), ['0', '1', '2', '4']);
  equalText(await found({ recovery_status: 'recovered' }), ['4']);
  equalText(await found({ tenant: 'acme', recovery_status: 'recovered' }), []);
}

async function givesTasksOfGroups({ records, search }: Searched): Promise<void> {
  const changes = [{}, { group_id: group(1) }, { group_id: group(2) }, { group_id: group(1), job_id: otherJob }];
  const given = changes.map((change, index) => recordSample(index, change));
  await begin(records, ...given);
  const jobId = given[1]?.job_id ?? '';
  equalText((await search.tasksOf(jobId, [group(1), group(2)], 9)).sort(), [given[1]?.task_id, given[2]?.task_id]);
  equalText((await search.tasksOf(jobId, [group(1), group(2)], 1)).length, 1);
  equalText(await search.tasksOf(jobId, [group(3)], 9), []);
}

async function searches({ records, search }: Searched): Promise<void> {
  const at = (second: number): string => `2026-11-23T06:00:0${second}.000Z`;
  const given = [
    recordSample(0, { error_message: '550 No such (user)', timestamp: at(1), labels: { 'team.name': 'mail', $a: 'b' } }),
    recordSample(1, { error_message: 'reset', stack_trace: 'at pool.user (a.js)', error_type: 'net.reset', timestamp: at(2) }),
    recordSample(2, { job_type: 'cli.run', error_type: 'net.timeout', timestamp: at(3), labels: { 'team.name': 'post' } }),
  ];
  await begin(records, ...given);
  const found = async (filter: ErrorRecordFilter): Promise<string> =>
    (await search.newestFirst(filter, null, 9)).map(({ task_id }) => task_id.slice(-1)).join('');
  const filtersOf: [filter: ErrorRecordFilter, wanted: string][] = [
    [{ text: 'USER' }, '10'],
    [{ text: '(user)' }, '0'],
    [{ text: 'a.js' }, '1'],
    [{ text: 'a+js' }, ''],
    [{ error_type: 'net.*' }, '21'],
    [{ error_type: 'net.t*', text: 'greylisted' }, '2'],
    [{ job_type: 'cli.run' }, '2'],
    [{ from: at(2), to: at(3) }, '1'],
    [{ label: { key: 'team.name', value: 'mail' } }, '0'],
    [{ label: { key: '$a', value: 'b' } }, '0'],
    [{ label: { key: 'team', value: 'mail' } }, ''],
  ];
  for (const [filter, wanted] of filtersOf) equalText([filter, await found(filter)], [filter, wanted]);
  const last = { timestamp: at(2), id: given[1]?._id ?? '' };
  equalText(
    (await search.newestFirst({ text: 'user', to: at(3) }, last, 9)).map(({ _id }) => _id),
    [given[0]?._id],
  );
  for (const [filter, wanted] of filtersOf) {
    const { found: looked, reached } = await search.look(filter, null, 9);
    equalText([looked.map(({ task_id }) => task_id.slice(-1)).join(''), reached], [wanted, null]);
  }
}

async function sumsGroupsUp({ records, search }: Searched): Promise<void> {
  const face = { group_id: group(1), group_title: 'unknown user', error_type: 'smtp.550' };
  const phases = everyPhase.map((phase, index) =>
    recordSample(index, { ...face, phase, timestamp: `2026-11-23T06:00:0${index}.000Z` }),
  );
  const elsewhere = recordSample(50, { ...face, job_id: otherJob, phase: 'discarded', timestamp: '2026-11-23T07:00:00.000Z' });
  await begin(records, ...phases, elsewhere, recordSample(60, { group_id: group(3) }), recordSample(61, { group_id: group(2) }));
  const groups = await search.groups({}, 2);
  equalText(
    groups.map(({ id, count }) => [id, count]),
    [
      [group(1), everyPhase.length + 1],
      [group(2), 1],
    ],
  );
  const { title, error_type, jobs, by_status, waiting, outcome_unknown, first_seen, last_seen, example_record_id } =
    groups[0] ?? {};
  equalText([title, error_type, jobs, waiting, outcome_unknown], ['unknown user', 'smtp.550', 2, 4, 1]);
  equalText(by_status, { pending: 2, in_progress: 3, recovered: 1, failed: 4 });
  equalText([first_seen, last_seen, example_record_id], [phases[0]?.timestamp, elsewhere.timestamp, phases.at(-1)?._id]);
}

async function sumsNewestUp({ records, search }: Searched): Promise<void> {
  const at = (second: number): string => `2026-11-23T06:00:0${second}.000Z`;
  const given = [
    recordSample(0, { phase: 'discarded', timestamp: at(1) }),
    recordSample(1, { phase: 'recovered', timestamp: at(3) }),
    recordSample(2, { phase: 'outcome_unknown', timestamp: at(2), job_id: otherJob }),
    recordSample(3, { group_id: group(2), timestamp: at(4) }),
  ];
  await begin(records, ...given);
  const summed = async (id: string, most: number): Promise<unknown> => {
    const newest = await search.newestOfGroup(id, most);
    if (!newest) return null;
    const { count, waiting, outcome_unknown, jobs, by_status } = newest.sum;
    return [newest.records, count, waiting, outcome_unknown, jobs, by_status];
  };
  const id = given[0]?.group_id ?? '';
  const none = { pending: 0, in_progress: 0, recovered: 0, failed: 0 };
  equalText(await summed(id, 9), [3, 3, 2, 1, 2, { ...none, pending: 1, recovered: 1, failed: 1 }]);
  equalText(await summed(id, 3), [3, 3, 2, 1, 2, { ...none, pending: 1, recovered: 1, failed: 1 }]);
  equalText(await summed(id, 2), [3, 2, 1, 1, 2, { ...none, pending: 1, recovered: 1 }]);
  equalText(await summed(group(3), 2), null);
}

async function countsFiltered({ records, search }: Searched): Promise<void> {
  const [mine, theirs] = [recordSample(1, { tenant: 'acme' }), recordSample(2, { job_id: otherJob, phase: 'discarded' })];
  await begin(records, mine, theirs);
  const counted = async (filter: Parameters<ErrorRecordSearch['groups']>[0]): Promise<string[]> =>
    (await search.groups(filter, 9)).map(({ count, example_record_id }) => `${count} ${example_record_id}`);
  equalText(await counted({ tenant: 'acme' }), [`1 ${mine._id}`]);
  equalText(await counted({ job_id: otherJob }), [`1 ${theirs._id}`]);
  equalText(await counted({ recovery_status: 'failed' }), [`1 ${theirs._id}`]);
  equalText(await counted({ tenant: 'nobody' }), []);
}
