import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { eachApart } from '../../platform/each-apart.js';
import { FailureGroups } from '../failure-groups.js';
import { SplitMover } from '../split-mover.js';

const groupsAtOnce = 100;
/** For how long the records of one group are moved before it is the next one's turn. */
const firstTurnMs = 3_000;

/** Moves the records of split groups that whoever was asked could not move to the end. */
@Injectable()
export class FinishSplits {
  /** How long the next turn of each group is. Twice as long each time: a turn begins anew with the newest record, and has to get to the last. */
  private turns = new Map<string, number>();

  constructor(
    private readonly groups: FailureGroups,
    private readonly mover: SplitMover,
    private readonly clock: Clock,
  ) {}

  /** Gives whether there were any. */
  async execute(signal: AbortSignal): Promise<boolean> {
    const left = await this.groups.withMoves(new Date(this.clock.now()).toISOString(), groupsAtOnce);
    this.turns = new Map(left.map(({ _id }) => [_id, this.turns.get(_id) ?? firstTurnMs]));
    await eachApart(left, signal, ({ _id }) => this.takeTurn(_id, signal));
    return left.length > 0;
  }

  private async takeTurn(id: string, signal: AbortSignal): Promise<void> {
    const turnMs = this.turns.get(id) ?? firstTurnMs;
    const stopAt = this.clock.now() + turnMs;
    this.turns.set(id, turnMs * 2);
    await this.mover.execute(id, () => !signal.aborted && this.clock.now() < stopAt);
  }
}
