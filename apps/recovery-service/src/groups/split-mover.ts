import { Injectable } from '@nestjs/common';
import { DEFAULT_TENANT } from '@kintsugi/contracts';
import type { StoredErrorRecord } from '../records/domain/error-record.js';
import { ErrorRecordSearch, type ErrorRecordPlace } from '../records/error-record-search.js';
import type { GroupMove } from './domain/failure-group.js';
import { afterArrival, afterDeparture } from './domain/transfer-counts.js';
import { FailureGroups } from './failure-groups.js';
import { GroupAssigner } from './group-assigner.js';
import { GroupChanges } from './group-changes.js';
import { GroupWays } from './group-ways.js';

const recordsAtOnce = 500;

/** Moves the records of a group that are of others by what was split off, with what was counted of them. */
@Injectable()
export class SplitMover {
  constructor(
    private readonly groups: FailureGroups,
    private readonly search: ErrorRecordSearch,
    private readonly assigner: GroupAssigner,
    private readonly ways: GroupWays,
    private readonly groupChanges: GroupChanges,
  ) {}

  /** @param mayGoOn asked before each page; what is left then is for another call */
  async execute(id: string, mayGoOn: () => boolean): Promise<void> {
    const moves = (await this.groups.find(id))?.moves ?? [];
    if (moves.length === 0) return;
    // Whoever was asked may have stopped in between, or be about to: while it is a part, no record goes there.
    for (const { into } of moves) await this.groupChanges.free(into, id);
    let place: ErrorRecordPlace | null = null;
    do {
      if (!mayGoOn()) return;
      const page: StoredErrorRecord[] = await this.search.newestFirst({ group_id: id }, place, recordsAtOnce);
      await this.move(id, page, moves);
      const last = page.at(-1);
      place = last && page.length === recordsAtOnce ? { timestamp: last.timestamp, id: last._id } : null;
    } while (place);
    await this.finish(id, moves);
  }

  private async move(id: string, page: readonly StoredErrorRecord[], moves: readonly GroupMove[]): Promise<void> {
    const homes = await this.homesOf(id, page, moves);
    // A split that came since has its rule heeded already: what it says of the counts is read behind the rules.
    const known = [...((await this.groups.find(id))?.moves ?? []), ...moves];
    for (const [into, records] of Map.groupBy(page, ({ _id }) => homes.get(_id) ?? id)) {
      if (into === id) continue;
      const ids = records.map(({ _id }) => _id);
      // Several may move the records of one group at once: each counts what it has moved itself.
      const moved = await this.groups.moveSome(ids, id, into);
      if (moved.length === 0) continue;
      const since = known.find((move) => move.into === into)?.counted_until ?? null;
      await this.groupChanges.change(into, (group) => afterArrival(group, moved, since));
      await this.groupChanges.change(id, (group) => afterDeparture(group, moved, since));
    }
  }

  /** The group of each record, by its id. */
  private async homesOf(
    id: string,
    page: readonly StoredErrorRecord[],
    moves: readonly GroupMove[],
  ): Promise<Map<string, string>> {
    const ends = await this.ways.lead(page.map((record) => ({ ...record, group_id: id })));
    const homes = new Map(page.map(({ _id }, at) => [_id, ends[at]?.group_id ?? id]));
    const parts = new Set(moves.filter(({ was_part }) => was_part).map(({ into }) => into));
    if (parts.size === 0) return homes;
    const staying = page.filter(({ _id }) => homes.get(_id) === id);
    const assigned = await this.assigner.assign(
      staying.map((record) => ({ ...record, tenant: record.tenant ?? DEFAULT_TENANT })),
    );
    for (const [{ _id }, { group_id }] of assigned) if (parts.has(group_id)) homes.set(_id, group_id);
    return homes;
  }

  /** Nothing of it is on its way any more. When it failed last, and where, is told by those that have stayed. */
  private async finish(id: string, done: readonly GroupMove[]): Promise<void> {
    const [newest] = await this.search.newestFirst({ group_id: id }, null, 1);
    const intos = new Set(done.map(({ into }) => into));
    await this.groupChanges.change(id, ({ moves = [], ...group }) => {
      const left = moves.filter(({ into }) => !intos.has(into));
      const stayed = newest ? { last_seen: newest.timestamp, example_record_id: newest._id } : {};
      return { ...group, ...stayed, ...(left.length > 0 ? { moves: left } : {}) };
    });
  }
}
