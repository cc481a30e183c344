import { Injectable } from '@nestjs/common';
import type { StoredGroup } from './domain/failure-group.js';
import { FailureGroups } from './failure-groups.js';

/** As often as failures may be counted in a group while it is being changed. */
const roundsMax = 50;

/** Changes a group as it is at the moment of the write, whoever counts in it meanwhile. */
@Injectable()
export class GroupChanges {
  constructor(private readonly groups: FailureGroups) {}

  /**
   * Null where there is no such group.
   * @param find reads anew what is to be changed, each time that another was faster
   */
  async change(
    id: string,
    changed: (group: StoredGroup) => StoredGroup,
    find: () => Promise<StoredGroup | null> = () => this.groups.find(id),
  ): Promise<StoredGroup | null> {
    for (let round = 0; round < roundsMax; round += 1) {
      const previous = await find();
      if (!previous) return null;
      const next = { ...changed(previous), version: previous.version + 1 };
      if (await this.groups.write([{ previous, next }])) return next;
    }
    throw new Error(`The group ${id} keeps changing while it is being changed.`);
  }

  /** One that was made part of a group is one of its own again. */
  async free(id: string, from: string): Promise<void> {
    if ((await this.groups.find(id))?.merged_into !== from) return;
    await this.change(id, (group) => (group.merged_into === from ? { ...group, merged_into: null, freed_from: from } : group));
  }
}
