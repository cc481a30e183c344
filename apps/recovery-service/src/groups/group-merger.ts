import { Injectable } from '@nestjs/common';
import { ProblemError } from '@kintsugi/contracts';
import { emptied, type StoredGroup } from './domain/failure-group.js';
import { FailureGroups, type GroupChange } from './failure-groups.js';

/** As often as failures may be counted in a group while it is being merged. */
const roundsMax = 50;

/** Who has said that two groups are one. */
export type MergedBy = 'person' | 'templates';

/** Makes a group part of another, for people and for templates that were found to be one. Done again it changes nothing. */
@Injectable()
export class GroupMerger {
  constructor(private readonly groups: FailureGroups) {}

  /** Gives the group that stays; null where neither was ever met. */
  async merge(fromId: string, intoId: string, by: MergedBy = 'person'): Promise<StoredGroup | null> {
    for (let round = 0; round < roundsMax; round += 1) {
      const [from, into] = [await this.groups.find(fromId), await this.rootOf(intoId)];
      if (!from || from._id === into?._id) return into ?? null;
      // Read with the group that the write expects: a split that comes in between has it read again.
      if (from.merged_into === null && from.moves) throw stillMoving(from._id);
      // One that stays and was never counted itself: its failures have yet to come.
      const root = into ?? emptied(from, intoId);
      const parts = [from, ...(await this.groups.partsOf([from._id]))].filter(({ merged_into }) => merged_into !== root._id);
      const changes: GroupChange[] = parts.map((part) => ({
        previous: part,
        next: { ...(part === from ? saidBy(by, from) : part), merged_into: root._id, version: part.version + 1 },
      }));
      if (!into) changes.push({ previous: null, next: root });
      if (!(await this.groups.write(changes))) continue;
      // Whoever merged at the same moment has seen this write, or is seen here.
      const now = await this.groups.find(root._id);
      if (!now || now.merged_into !== null || (await this.groups.partsOf([from._id])).length > 0) continue;
      // Whoever forgets it has met its new parts, or finds that it has changed since.
      if (!(await this.groups.write([{ previous: now, next: { ...now, version: now.version + 1 } }]))) continue;
      // Those of before, too: what was recorded by a copy of yesterday's templates follows.
      for (const { _id } of [from, ...(await this.groups.partsOf([root._id]))]) await this.groups.moveRecords(_id, root._id);
      return root;
    }
    throw new Error(`The groups ${fromId} and ${intoId} keep changing while they are being merged.`);
  }

  /** The group that one is part of by now. Of groups that were made parts of each other at one moment the first stays. */
  private async rootOf(id: string): Promise<StoredGroup | null> {
    const met = new Map<string, StoredGroup>();
    let group = await this.groups.find(id);
    while (group !== null && group.merged_into !== null && !met.has(group._id)) {
      met.set(group._id, group);
      group = await this.groups.find(group.merged_into);
    }
    if (group === null || group.merged_into === null) return group;
    const ring = [group._id];
    for (let next = group.merged_into; next !== group._id; next = met.get(next)?.merged_into ?? group._id) ring.push(next);
    const first = met.get(ring.toSorted()[0] ?? '') ?? group;
    await this.groups.write([{ previous: first, next: { ...first, merged_into: null, version: first.version + 1 } }]);
    return this.groups.find(first._id);
  }
}

/** Merged, it would take along the records that have yet to leave it. */
export function stillMoving(id: string): ProblemError {
  return new ProblemError(
    'STATE_CONFLICT',
    `Records of ${id} are still on their way since it was split. Merge it in some minutes.`,
  );
}

/** What was found, and said by nobody, is marked; what a part was before stays as it was said. */
function saidBy(by: MergedBy, { joined, ...from }: StoredGroup): StoredGroup {
  const isFound = by === 'templates' && (from.merged_into === null || joined === true);
  return isFound ? { ...from, joined: true } : from;
}
