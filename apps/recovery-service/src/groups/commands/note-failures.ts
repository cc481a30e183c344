import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { DEFAULT_TENANT } from '@kintsugi/contracts';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import { afterSightings, type Sighting, type StoredGroup } from '../domain/failure-group.js';
import { FailureGroups } from '../failure-groups.js';
import { GroupWays } from '../group-ways.js';

/** Others have to change the same groups this many times in between before it is left to a redelivery. */
const roundsMax = 20;

/** Counts recorded failures in their groups: one read and one write for all that were recorded together. */
@Injectable()
export class NoteFailures {
  constructor(
    private readonly groups: FailureGroups,
    private readonly ways: GroupWays,
  ) {}

  /**
   * @param recorded as their failures were written
   * @param known whose failures came again: those that are in no group yet begin one, the others are counted
   */
  async execute(recorded: readonly StoredErrorRecord[], known: readonly StoredErrorRecord[]): Promise<void> {
    const repeats = Map.groupBy(known.map(sightingOf), ({ group_id }) => group_id);
    let open = Map.groupBy(recorded.map(sightingOf), ({ group_id }) => group_id);
    for (const [id, [first]] of repeats) if (!open.has(id) && first) open.set(id, []);
    const mark = uuidv7();
    for (let round = 0; open.size > 0; round += 1) {
      if (round === roundsMax) throw new Error('The groups of failures keep changing while failures are being counted.');
      const found = await this.groups.findMany([...open.keys()]);
      const changes = [...open].flatMap(([id, seen]) => {
        const previous = found.get(id) ?? null;
        const [first, ...rest] = seen.length > 0 || previous ? seen : (repeats.get(id) ?? []).slice(0, 1);
        return first ? [{ previous, next: afterSightings(previous, [first, ...rest], mark) }] : [];
      });
      if (await this.groups.write(changes)) {
        await this.followSplits([...found.values()], [...recorded, ...known]);
        return this.follow(changes.map(({ next }) => next));
      }
      const written = await this.groups.findMany(changes.map(({ next }) => next._id));
      // Others can have counted in the same group since: the mark tells, not the version.
      const isWritten = ({ next }: (typeof changes)[number]): boolean => written.get(next._id)?.marks?.includes(mark) ?? false;
      await this.followSplits([...written.values()], [...recorded, ...known]);
      await this.follow(changes.filter(isWritten).map(({ next }) => written.get(next._id) ?? next));
      const again = changes.filter((change) => !isWritten(change)).map(({ next }) => next._id);
      open = new Map(again.map((id) => [id, open.get(id) ?? []]));
    }
  }

  /** Records that were on their way while some were split off from their group go where those that are like them went. */
  private async followSplits(groups: readonly StoredGroup[], met: readonly StoredErrorRecord[]): Promise<void> {
    const split = new Set(groups.filter(({ splits }) => splits !== undefined).map(({ _id }) => _id));
    const theirs = met.filter(({ group_id }) => split.has(group_id));
    if (theirs.length === 0) return;
    const ends = await this.ways.lead(theirs);
    const led = theirs.map(({ _id, group_id: from }, at) => ({ _id, from, into: ends[at]?.group_id ?? from }));
    const leaving = led.filter(({ from, into }) => from !== into);
    for (const [from, left] of Map.groupBy(leaving, (record) => record.from)) {
      for (const [into, records] of Map.groupBy(left, (record) => record.into)) {
        const ids = records.map(({ _id }) => _id);
        await this.groups.moveSome(ids, from, into);
      }
    }
  }

  /** Records that were on their way while their group was made part of another go where its others went. */
  private async follow(groups: readonly StoredGroup[]): Promise<void> {
    for (const { _id, merged_into } of groups) if (merged_into !== null) await this.groups.moveRecords(_id, merged_into);
  }
}

function sightingOf(record: StoredErrorRecord): Sighting {
  const { group_id, group_title, tenant, error_type, job_id, job_type, stack_trace, _id, timestamp } = record;
  return {
    version: record.failed_runs.at(-1)?.version,
    ...{ group_id, title: group_title, tenant: tenant ?? DEFAULT_TENANT, error_type, job_id, job_type },
    ...{ stack_trace, error_record_id: _id, failed_at: timestamp },
  };
}
