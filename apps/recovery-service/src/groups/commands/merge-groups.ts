import { Injectable } from '@nestjs/common';
import { ProblemError, type ActionRequest, type FailureGroup } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { FailureGroups } from '../failure-groups.js';
import { GroupMerger, stillMoving } from '../group-merger.js';
import { GroupReader } from '../group-reader.js';

/** Makes groups of failures part of another, as a person asks. */
@Injectable()
export class MergeGroups {
  constructor(
    private readonly reader: GroupReader,
    private readonly merger: GroupMerger,
    private readonly groups: FailureGroups,
  ) {}

  async execute({ group_ids, into_group_id }: ActionRequest<'mergeGroups'>, { actor }: Origin): Promise<FailureGroup> {
    const into = await this.reader.find(into_group_id, actor);
    const roots = new Set<string>();
    for (const id of group_ids) {
      const group = await this.reader.find(id, actor);
      if (group.tenant !== into.tenant) {
        throw new ProblemError('STATE_CONFLICT', `${id} is of the tenant ${group.tenant}, and ${into._id} of ${into.tenant}.`);
      }
      // A group that is part of another by now brings the whole of it.
      roots.add(group._id);
    }
    const [moving] = await this.groups.moving([...roots, into._id]);
    if (moving) throw stillMoving(moving._id);
    for (const id of roots) await this.merger.merge(id, into._id);
    return this.reader.view(await this.reader.find(into._id, actor));
  }
}
