import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { FailureGroups } from '../failure-groups.js';
import { SplitMover } from '../split-mover.js';

const groupsAtOnce = 20;

/** Moves the records of split groups that whoever was asked could not move to the end. */
@Injectable()
export class FinishSplits {
  constructor(
    private readonly groups: FailureGroups,
    private readonly mover: SplitMover,
    private readonly clock: Clock,
  ) {}

  async execute(signal: AbortSignal): Promise<void> {
    const left = await this.groups.withMoves(new Date(this.clock.now()).toISOString(), groupsAtOnce);
    for (const { _id } of left) await this.mover.execute(_id, () => !signal.aborted);
  }
}
