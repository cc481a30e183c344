import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ProblemError, type ActionRequest, type FailureGroup, type GroupSplit } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { Clock } from '../../platform/clock.js';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import { ErrorRecordSearch } from '../../records/error-record-search.js';
import { ErrorRecords } from '../../records/error-records.js';
import { errorRecordNotFound } from '../../records/queries/get-error.js';
import { emptied, type GroupMove, type StoredGroup } from '../domain/failure-group.js';
import {
  fitsSplit,
  splitBetween,
  splitByType,
  splitByValue,
  splitGroupIdOf,
  splitTitleOf,
  type SplitRule,
} from '../domain/group-split.js';
import { placesOf } from '../domain/template-values.js';
import { FailureGroups } from '../failure-groups.js';
import { GroupChanges } from '../group-changes.js';
import { GroupReader } from '../group-reader.js';
import { SplitMover } from '../split-mover.js';

/** Records by which it is judged whether a split leaves something in both halves. */
const lookedAtMax = 2_000;
const splitsMax = 100;
/** How long the one who is asked moves records, and after how long whoever leads takes over. */
const moveMs = 40_000;
const takeoverMs = 60_000;

const digest = (text: string): string => hash('sha256', text, 'hex');

/**
 * Splits a group as a person asks. What decides is on disk before it is answered, and holds from then on wherever failures are
 * taken in; the records that are there follow. Asked for once more, it leads to the same group.
 */
@Injectable()
export class SplitGroup {
  constructor(
    private readonly groups: FailureGroups,
    private readonly reader: GroupReader,
    private readonly changes: GroupChanges,
    private readonly mover: SplitMover,
    private readonly records: ErrorRecords,
    private readonly search: ErrorRecordSearch,
    private readonly clock: Clock,
  ) {}

  async execute({ group_id, by }: ActionRequest<'splitGroup'>, { actor }: Origin): Promise<FailureGroup> {
    const group = await this.reader.find(group_id, actor);
    const id = by.kind === 'part' ? await this.partFrom(group, by.group_id) : await this.splitOff(group, by);
    const stopAt = this.clock.now() + moveMs;
    await this.mover.execute(group._id, () => this.clock.now() < stopAt);
    return this.reader.view((await this.groups.find(id)) ?? group);
  }

  private async splitOff(group: StoredGroup, by: Exclude<GroupSplit, { kind: 'part' }>): Promise<string> {
    const rule = await this.ruleOf(group, by);
    const into = splitGroupIdOf(group._id, rule, digest);
    await this.begin(group, into, rule);
    const move: GroupMove = { into, was_part: false, counted_until: null, until: this.takeoverAt() };
    await this.changes.change(group._id, (now) => {
      const { splits = [], moves = [] } = now;
      const known = splits.some((split) => split.into === into);
      if (!known && splits.length >= splitsMax) {
        throw new ProblemError(
          'STATE_CONFLICT',
          `${now._id} was split ${splitsMax} times. Split what has left it, or merge some back.`,
        );
      }
      return {
        ...now,
        splits: known ? splits : [...splits, { into, rule }],
        moves: [...moves.filter((other) => other.into !== into), move],
      };
    });
    return into;
  }

  /** Begun before the rule that leads to it, so that no failure gets there first. One that was merged since is one again. */
  private async begin(group: StoredGroup, into: string, rule: SplitRule): Promise<void> {
    const now = new Date(this.clock.now()).toISOString();
    const [errorType = group.error_type] = rule.kind === 'type' ? rule.error_types : [];
    const fresh: StoredGroup = {
      ...emptied(group, into),
      ...{ error_type: errorType, title: splitTitleOf(errorType, group.title, rule), job_types: [], recent_job_ids: [] },
      ...{ state: 'open', state_at: now, ignored_until: null, ignored_count: null, assignee: null, note: null },
      ...{ regressions: 0, regressed_at: null, split_from: { group_id: group._id, by: rule } },
    };
    if (await this.groups.write([{ previous: null, next: fresh }])) return;
    await this.changes.change(into, (known) => ({ ...known, merged_into: null, split_from: fresh.split_from }));
  }

  private async ruleOf(group: StoredGroup, by: Exclude<GroupSplit, { kind: 'part' }>): Promise<SplitRule> {
    const chosen = by.kind === 'records' ? await this.chosenOf(group, by.error_record_ids) : [];
    const looked = await this.search.newestFirst({ group_id: group._id }, null, lookedAtMax);
    const rule = by.kind === 'records' ? apart(group, chosen, looked) : given(group, by);
    const fitting = looked.filter((record) => fitsSplit(rule, record)).length;
    // The same once more, when all of them have gone there.
    if ((group.splits ?? []).some(({ into }) => into === splitGroupIdOf(group._id, rule, digest))) return rule;
    if (fitting === 0 && chosen.length === 0) {
      throw new ProblemError(
        'STATE_CONFLICT',
        `None of the last ${looked.length} records of ${group._id} is so. Nothing was split.`,
      );
    }
    if (fitting === looked.length && looked.length < lookedAtMax) {
      throw new ProblemError(
        'STATE_CONFLICT',
        `All ${looked.length} records of ${group._id} are so: none would stay. Nothing was split.`,
      );
    }
    return rule;
  }

  private async chosenOf(group: StoredGroup, ids: readonly string[]): Promise<StoredErrorRecord[]> {
    const found = await this.records.findMany(ids);
    return ids.map((id) => {
      const record = found.get(id);
      if (record?.group_id !== group._id) throw errorRecordNotFound(`${id} in ${group._id}`);
      return record;
    });
  }

  /** A group that was made part of this one is one of its own again. What was counted since goes there with its records. */
  private async partFrom(group: StoredGroup, partId: string): Promise<string> {
    const part = await this.groups.find(partId);
    const isFreed = (group.moves ?? []).some(({ into }) => into === partId);
    if (part?.merged_into !== group._id && !isFreed) {
      throw new ProblemError('STATE_CONFLICT', `${partId} is no part of ${group._id}. Show the group to see its parts.`);
    }
    const until = this.takeoverAt();
    const move: GroupMove = { into: partId, was_part: true, counted_until: part?.last_seen ?? null, until };
    await this.changes.change(group._id, (now) => ({
      ...now,
      moves: isFreed ? (now.moves ?? []) : [...(now.moves ?? []), move],
    }));
    await this.changes.change(partId, (known) => ({ ...known, merged_into: null }));
    return partId;
  }

  private takeoverAt(): string {
    return new Date(this.clock.now() + takeoverMs).toISOString();
  }
}

function given({ _id, title }: StoredGroup, by: Extract<GroupSplit, { kind: 'value' | 'type' }>): SplitRule {
  if (by.kind === 'type') return splitByType(by.error_types);
  const places = placesOf(title);
  if (by.place <= places) return splitByValue(title, by.place, by.values);
  throw new ProblemError('STATE_CONFLICT', `The title of ${_id} has ${places} places of values; ${by.place} is none of them.`);
}

function apart(
  { _id, title }: StoredGroup,
  chosen: readonly StoredErrorRecord[],
  looked: readonly StoredErrorRecord[],
): SplitRule {
  const ids = new Set(chosen.map((record) => record._id));
  const rule = splitBetween(
    title,
    chosen,
    looked.filter((record) => !ids.has(record._id)),
  );
  if (rule) return rule;
  throw new ProblemError(
    'STATE_CONFLICT',
    `Neither their error type nor a value in the title sets these records apart from the others of ${_id}, so that later failures could not be told. Name a place and its values.`,
  );
}
