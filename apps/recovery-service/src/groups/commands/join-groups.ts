import { Injectable } from '@nestjs/common';
import { GroupMerger } from '../group-merger.js';
import { LearntTemplates } from '../learnt-templates.js';

const pairsAtOnce = 200;

/** Joins the groups of templates that were found to be one. */
@Injectable()
export class JoinGroups {
  constructor(
    private readonly learnt: LearntTemplates,
    private readonly merger: GroupMerger,
  ) {}

  async execute(signal: AbortSignal): Promise<void> {
    for (const pair of await this.learnt.joined(pairsAtOnce)) {
      if (signal.aborted) return;
      await this.merger.merge(pair.from, pair.into);
      await this.learnt.wereJoined(pair);
    }
  }
}
