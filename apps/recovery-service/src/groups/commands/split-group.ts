import { Injectable } from '@nestjs/common';
import { ProblemError, type ActionRequest, type FailureGroup, type GroupSplit } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { Clock } from '../../platform/clock.js';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import { ErrorRecordSearch } from '../../records/error-record-search.js';
import { ErrorRecords } from '../../records/error-records.js';
import { errorRecordNotFound } from '../../records/queries/get-error.js';
import { digest } from '../digest.js';
import { emptied, type GroupMove, type StoredGroup } from '../domain/failure-group.js';
import {
  fitsSplit,
  openPlacesOf,
  placesBehind,
  splitBetween,
  splitByType,
  splitByValue,
  splitGroupIdOf,
  titlePlacesOf,
  titleShown,
  type SplitRule,
} from '../domain/group-split.js';
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
    const known = await this.groups.find(into);
    if (known && known.merged_into !== null && known.merged_into !== group._id) throw partElsewhere(known);
    // Refused where it can be before anything is begun.
    splitsWith(group, { into, rule });
    // Begun before the rule that leads to it, so that no failure gets there first.
    const begun = known ? null : await this.begin(group, into, rule);
    const move = this.moveInto(into, known, false);
    try {
      await this.changes.change(group._id, (now) => ({
        ...now,
        splits: splitsWith(now, { into, rule }),
        moves: movesWith(now, move),
      }));
    } catch (error) {
      // Refused, it was not written: nothing leads to what was begun for it.
      if (begun && error instanceof ProblemError) await this.groups.remove([begun]);
      throw error;
    }
    await this.changes.free(into, group._id);
    return into;
  }

  /** Null where another has begun it at the same moment. */
  private async begin(group: StoredGroup, into: string, rule: SplitRule): Promise<StoredGroup | null> {
    const now = new Date(this.clock.now()).toISOString();
    const [errorType = group.error_type] = rule.kind === 'type' ? rule.error_types : [];
    const places = placesBehind(titlePlacesOf(group), rule);
    const fresh: StoredGroup = {
      ...emptied(group, into),
      ...{ error_type: errorType, title: titleShown(errorType, places), job_types: [], recent_job_ids: [] },
      ...(places.filled.length > 0 ? { places } : {}),
      ...{ state: 'open', state_at: now, ignored_until: null, ignored_count: null, assignee: null, note: null },
      ...{ regressions: 0, regressed_at: null, split_from: { group_id: group._id, by: rule } },
    };
    return (await this.groups.write([{ previous: null, next: fresh }])) ? fresh : null;
  }

  /** What a part has counted until it was made one stays where it is: only what was counted since goes with its records. */
  private moveInto(into: string, known: StoredGroup | null, was_part: boolean): GroupMove {
    const isPart = known !== null && known.merged_into !== null && known.count !== 0;
    return { into, was_part, counted_until: isPart ? known.last_seen : null, until: this.takeoverAt() };
  }

  private async ruleOf(group: StoredGroup, by: Exclude<GroupSplit, { kind: 'part' }>): Promise<SplitRule> {
    const chosen = by.kind === 'records' ? await this.chosenOf(group, by.error_record_ids) : [];
    const before = leftBy(group, chosen);
    if (before) return before;
    const alien = chosen.find(({ group_id }) => group_id !== group._id);
    if (alien) throw notIn(group, alien._id);
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

  /** Records of the group, and of what was split off from it: asked for once more, they are there by now. */
  private async chosenOf(group: StoredGroup, ids: readonly string[]): Promise<StoredErrorRecord[]> {
    const found = await this.records.findMany(ids);
    const theirs = new Set([group._id, ...(group.splits ?? []).map(({ into }) => into)]);
    return ids.map((id) => {
      const record = found.get(id);
      if (!record || !theirs.has(record.group_id)) throw notIn(group, id);
      return record;
    });
  }

  /** A group that was made part of this one is one of its own again. What was counted since goes there with its records. */
  private async partFrom(group: StoredGroup, partId: string): Promise<string> {
    const part = await this.groups.find(partId);
    const isMoving = (group.moves ?? []).some(({ into }) => into === partId);
    if (part?.merged_into !== group._id && !isMoving) {
      if (part?.merged_into === null && part.freed_from === group._id) return partId;
      throw new ProblemError('STATE_CONFLICT', `${partId} is no part of ${group._id}. Show the group to see its parts.`);
    }
    const move = this.moveInto(partId, part, true);
    await this.changes.change(group._id, (now) => ({ ...now, moves: movesWith(now, move) }));
    await this.changes.free(partId, group._id);
    return partId;
  }

  private takeoverAt(): string {
    return new Date(this.clock.now() + takeoverMs).toISOString();
  }
}

function given(group: StoredGroup, by: Extract<GroupSplit, { kind: 'value' | 'type' }>): SplitRule {
  if (by.kind === 'type') return splitByType(by.error_types);
  const places = titlePlacesOf(group);
  const open = openPlacesOf(places);
  const place = open[by.place - 1];
  if (place !== undefined) return splitByValue(places.title, place, by.values);
  throw new ProblemError(
    'STATE_CONFLICT',
    `The title of ${group._id} has ${open.length} places of values; ${by.place} is none of them.`,
  );
}

/** The rule by which records have left the group, or are leaving it; null where they are to leave it for the first time. */
function leftBy({ _id, splits = [], moves = [] }: StoredGroup, chosen: readonly StoredErrorRecord[]): SplitRule | null {
  if (chosen.length === 0) return null;
  const left = splits.find(({ into, rule }) => {
    const isTheirs = chosen.every((record) => [_id, into].includes(record.group_id) && fitsSplit(rule, record));
    return isTheirs && (chosen.some(({ group_id }) => group_id === into) || moves.some((move) => move.into === into));
  });
  return left?.rule ?? null;
}

function apart(group: StoredGroup, chosen: readonly StoredErrorRecord[], looked: readonly StoredErrorRecord[]): SplitRule {
  const ids = new Set(chosen.map((record) => record._id));
  const rule = splitBetween(
    titlePlacesOf(group).title,
    chosen,
    looked.filter((record) => !ids.has(record._id)),
  );
  if (rule) return rule;
  throw new ProblemError(
    'STATE_CONFLICT',
    `Neither their error type nor a value in the title sets these records apart from the others of ${group._id}, so that later failures could not be told. Name a place and its values.`,
  );
}

type Split = NonNullable<StoredGroup['splits']>[number];

/** What has left the group with one more, which may be among it already. */
function splitsWith({ _id, splits = [] }: StoredGroup, split: Split): Split[] {
  if (splits.some(({ into }) => into === split.into)) return splits;
  if (splits.length < splitsMax) return [...splits, split];
  const detail = `${_id} was split ${splitsMax} times. Split what has left it, or merge some back.`;
  throw new ProblemError('STATE_CONFLICT', detail);
}

/** What is on its way with one more. One that is on its way already goes on: only who sees to it, and until when, is new. */
function movesWith({ _id, merged_into, moves = [] }: StoredGroup, move: GroupMove): GroupMove[] {
  if (merged_into !== null) {
    throw new ProblemError('STATE_CONFLICT', `${_id} was made part of ${merged_into} at this moment. Split that one.`);
  }
  const before = moves.find(({ into }) => into === move.into);
  return [...moves.filter((other) => other !== before), before ? { ...before, until: move.until } : move];
}

function notIn({ _id }: StoredGroup, recordId: string): ProblemError {
  return errorRecordNotFound(`${recordId} in ${_id}`);
}

function partElsewhere({ _id, merged_into }: StoredGroup): ProblemError {
  return new ProblemError(
    'STATE_CONFLICT',
    `These failures are of ${_id}, which is part of ${merged_into} by now. Have it leave that one as a part.`,
  );
}
