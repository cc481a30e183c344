import { DEFAULT_TENANT, type Actor, type FailureGroup, type GroupSplit } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { recordSample } from '../records/domain/error-record-sample.js';
import type { StoredErrorRecord } from '../records/domain/error-record.js';
import { ErrorRecordSearchInMemory } from '../records/error-record-search-in-memory.js';
import { ErrorRecordsInMemory, type StoredRecords } from '../records/error-records-in-memory.js';
import { FinishSplits } from './commands/finish-splits.js';
import { JoinGroups } from './commands/join-groups.js';
import { MergeGroups } from './commands/merge-groups.js';
import { NoteFailures } from './commands/note-failures.js';
import { SplitGroup } from './commands/split-group.js';
import { FailureGroupsInMemory } from './failure-groups-in-memory.js';
import { GroupAssigner } from './group-assigner.js';
import { GroupChanges } from './group-changes.js';
import { GroupMerger } from './group-merger.js';
import { GroupReader } from './group-reader.js';
import { GroupWays } from './group-ways.js';
import { LearntTemplatesInMemory } from './learnt-templates-in-memory.js';
import { SplitMover } from './split-mover.js';

export const origin = { actor: { name: 'ada', role: 'operator', tenant: null } as unknown as Actor } as Origin;

/** All that groups are split and merged by, without a database, for specs: replicas, failures, and what people ask for. */
export function splitsInMemory() {
  const stored: StoredRecords = new Map();
  const groups = new FailureGroupsInMemory(stored);
  const learnt = new LearntTemplatesInMemory();
  const clock = { at: Date.parse('2026-11-23T12:00:00.000Z'), now: () => clock.at };
  let made = 0;

  /** A replica that knows nothing but what is kept. */
  const replica = (search = new ErrorRecordSearchInMemory(stored)) => {
    const ways = new GroupWays(groups);
    const changes = new GroupChanges(groups);
    const assigner = new GroupAssigner(learnt, ways);
    const mover = new SplitMover(groups, search, assigner, ways, changes);
    const reader = new GroupReader(groups, clock);
    const merger = new GroupMerger(groups);
    return {
      ...{ assigner, merger, mover, notes: new NoteFailures(groups, ways) },
      split: new SplitGroup(groups, reader, changes, mover, new ErrorRecordsInMemory(stored), search, clock),
      merge: new MergeGroups(reader, merger, groups),
      finish: new FinishSplits(groups, mover, clock),
      join: new JoinGroups(learnt, merger, groups, changes),
    };
  };

  /** The record of a failure, as a replica assigns it; it is not written yet. */
  const assigned = async (message: string, error_type = 'smtp.550', { assigner } = replica()): Promise<StoredErrorRecord> => {
    const failure = { tenant: DEFAULT_TENANT, error_type, error_message: message };
    const { group_id, group_title } = (await assigner.assign([failure])).get(failure) ?? { group_id: '', group_title: '' };
    made += 1;
    const { failed_runs: runs, ...sample } = recordSample(made);
    const timestamp = `2026-11-23T06:00:${String(made).padStart(2, '0')}.000Z`;
    const failed_runs = runs.map((run) => ({ ...run, error_type, failed_at: timestamp }));
    return { ...sample, failed_runs, timestamp, error_type, error_message: message, group_id, group_title };
  };

  const fail = async (message: string, error_type?: string, from = replica()): Promise<StoredErrorRecord> => {
    const record = await assigned(message, error_type, from);
    stored.set(record._id, record);
    await from.notes.execute([record], []);
    return stored.get(record._id) ?? record;
  };

  const split = async (group_id: string, by: GroupSplit, { split: asked } = replica()): Promise<FailureGroup> =>
    asked.execute({ group_id, by }, origin);

  /** One that was asked to split and has stopped before it moved a record. */
  const stopped = () => {
    const asked = replica();
    asked.mover.execute = async () => undefined;
    return asked;
  };

  const groupOf = ({ _id }: StoredErrorRecord): string => stored.get(_id)?.group_id ?? '';

  const countsOf = async (...ids: string[]): Promise<(number | undefined)[]> => {
    const found = await groups.findMany(ids);
    return ids.map((id) => found.get(id)?.count);
  };

  return { stored, groups, clock, replica, stopped, assigned, fail, split, groupOf, countsOf };
}
