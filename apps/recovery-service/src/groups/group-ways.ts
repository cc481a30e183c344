import { Injectable } from '@nestjs/common';
import type { StoredGroup } from './domain/failure-group.js';
import { fitsSplit, type SplitFailure } from './domain/group-split.js';
import { FailureGroups } from './failure-groups.js';

export interface GroupStart extends SplitFailure {
  group_id: string;
}

export interface GroupEnd {
  group_id: string;
  /** Null where nothing was counted in it yet. */
  group: StoredGroup | null;
}

interface Walk {
  start: GroupStart;
  at: string;
  /** Each group is left once for the one that it is part of, and each is split off once: every walk ends. */
  taken: Set<string>;
}

/**
 * Leads failures from a group to the one that they are of by what was split off and what was made part of what. It is read each
 * time: what a person says holds at once on every replica.
 */
@Injectable()
export class GroupWays {
  constructor(private readonly groups: FailureGroups) {}

  /** The group of each, in the order of those that are given. */
  async lead(starts: readonly GroupStart[]): Promise<GroupEnd[]> {
    const known = new Map<string, StoredGroup | null>();
    const walks = starts.map((start): Walk => ({ start, at: start.group_id, taken: new Set([start.group_id]) }));
    for (let open = walks; open.length > 0;) {
      const unread = [...new Set(open.map(({ at }) => at))].filter((id) => !known.has(id));
      if (unread.length > 0) {
        const found = await this.groups.findMany(unread);
        for (const id of unread) known.set(id, found.get(id) ?? null);
      }
      open = open.filter((walk) => goOn(walk, known.get(walk.at) ?? null));
    }
    return walks.map(({ at }) => ({ group_id: at, group: known.get(at) ?? null }));
  }
}

function goOn(walk: Walk, group: StoredGroup | null): boolean {
  const split = group?.splits?.find(({ into, rule }) => !walk.taken.has(into) && fitsSplit(rule, walk.start));
  if (split) {
    walk.taken.add(split.into);
    walk.at = split.into;
    return true;
  }
  const left = `part ${walk.at}`;
  if (!group || group.merged_into === null || walk.taken.has(left)) return false;
  walk.taken.add(left);
  walk.at = group.merged_into;
  return true;
}
