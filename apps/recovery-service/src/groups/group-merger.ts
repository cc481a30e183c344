import { Injectable } from '@nestjs/common';
import { hoursKept, type StoredGroup } from './domain/failure-group.js';
import { FailureGroups, type GroupChange } from './failure-groups.js';

const roundsMax = 20;

/** Makes a group part of another, for people and for templates that were found to be one. Done again it changes nothing. */
@Injectable()
export class GroupMerger {
  constructor(private readonly groups: FailureGroups) {}

  /** Gives the group that stays; null where neither was ever met. */
  async merge(fromId: string, intoId: string): Promise<StoredGroup | null> {
    for (let round = 0; round < roundsMax; round += 1) {
      const found = await this.groups.findMany([fromId, intoId]);
      const from = found.get(fromId);
      const named = found.get(intoId);
      const into = named?.merged_into ? await this.groups.find(named.merged_into) : named;
      if (!from || from._id === into?._id) return into ?? null;
      const root = into ?? standingFor(from, intoId);
      const parts = [from, ...(await this.groups.partsOf([from._id]))].filter(({ merged_into }) => merged_into !== root._id);
      const changes: GroupChange[] = parts.map((part) => ({
        previous: part,
        next: { ...part, merged_into: root._id, version: part.version + 1 },
      }));
      if (!into) changes.push({ previous: null, next: root });
      if (!(await this.groups.write(changes))) continue;
      // Those of before, too: what was recorded by a copy of yesterday's templates follows.
      for (const { _id } of [from, ...(await this.groups.partsOf([root._id]))]) await this.groups.moveRecords(_id, root._id);
      return root;
    }
    throw new Error(`The groups ${fromId} and ${intoId} keep changing while they are being merged.`);
  }
}

/** The group that stays was never counted itself: its failures have yet to come. */
function standingFor(from: StoredGroup, id: string): StoredGroup {
  const hours = Array.from({ length: hoursKept }, () => ({ hour: 0, count: 0 }));
  return { ...from, _id: id, count: 0, hours, events: [], merged_into: null, version: 1 };
}
