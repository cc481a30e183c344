import { Injectable } from '@nestjs/common';
import { ProblemError, maySee, type Actor, type FailureGroup } from '@kintsugi/contracts';
import { Clock } from '../platform/clock.js';
import { toFailureGroup } from './domain/group-view.js';
import type { StoredGroup } from './domain/failure-group.js';
import { FailureGroups } from './failure-groups.js';

/** Reads groups as the outside sees them, those that were made part of others as part of them. */
@Injectable()
export class GroupReader {
  constructor(
    private readonly groups: FailureGroups,
    private readonly clock: Clock,
  ) {}

  /** The group of an id, or the one that it was made part of. */
  async find(id: string, actor: Actor): Promise<StoredGroup> {
    const named = await this.groups.find(id);
    const group = named?.merged_into ? await this.groups.find(named.merged_into) : named;
    if (!group || !maySee(actor, group.tenant)) {
      throw new ProblemError('ERROR_GROUP_NOT_FOUND', `There is no group ${id}. List the groups to find its id.`);
    }
    return group;
  }

  async view(group: StoredGroup): Promise<FailureGroup> {
    const [view] = await this.views([group]);
    return view as FailureGroup;
  }

  async views(groups: readonly StoredGroup[]): Promise<FailureGroup[]> {
    const parts = Map.groupBy(await this.groups.partsOf(groups.map(({ _id }) => _id)), ({ merged_into }) => merged_into);
    return groups.map((group) => toFailureGroup(group, parts.get(group._id) ?? [], this.clock.now()));
  }
}
