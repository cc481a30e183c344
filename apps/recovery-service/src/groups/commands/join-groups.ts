import { Injectable } from '@nestjs/common';
import { eachApart } from '../../platform/each-apart.js';
import { FailureGroups } from '../failure-groups.js';
import { GroupChanges } from '../group-changes.js';
import { GroupMerger } from '../group-merger.js';
import { LearntTemplates, type JoinedGroups } from '../learnt-templates.js';

const pairsAtOnce = 200;

/** Joins the groups of templates that were found to be one. */
@Injectable()
export class JoinGroups {
  constructor(
    private readonly learnt: LearntTemplates,
    private readonly merger: GroupMerger,
    private readonly groups: FailureGroups,
    private readonly changes: GroupChanges,
  ) {}

  /** Gives whether there were any. */
  async execute(signal: AbortSignal): Promise<boolean> {
    const pairs = await this.learnt.joined(pairsAtOnce);
    await eachApart(pairs, signal, (pair) => this.join(pair));
    return pairs.length > 0;
  }

  private async join(pair: JoinedGroups): Promise<void> {
    // What a split has on its way from or to it has to be there first; the pair is met again.
    if ((await this.groups.moving([pair.from])).length > 0) return;
    const root = await this.merger.merge(pair.from, pair.into, 'templates');
    if (root) await this.carrySplits(pair.from, root._id);
    await this.learnt.wereJoined(pair);
  }

  /** What was split off from a template leaves the one that it has become part of: no failure is of the first any more. */
  private async carrySplits(from: string, into: string): Promise<void> {
    const splits = from === into ? [] : ((await this.groups.find(from))?.splits ?? []);
    if (splits.length === 0) return;
    await this.changes.change(into, (root) => {
      const known = new Set((root.splits ?? []).map((split) => split.into));
      const added = splits.filter((split) => split.into !== root._id && !known.has(split.into));
      const moves = added.map((split) => ({ into: split.into, was_part: false, counted_until: null, until: root.state_at }));
      return { ...root, splits: [...(root.splits ?? []), ...added], moves: [...(root.moves ?? []), ...moves] };
    });
  }
}
