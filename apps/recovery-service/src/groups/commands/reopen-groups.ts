import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../../platform/clock.js';
import { afterIgnored } from '../domain/failure-group.js';
import { FailureGroups } from '../failure-groups.js';

const groupsAtOnce = 100;

/** Opens groups that were to be ignored until a time that is over. One that changes at this moment is met again. */
@Injectable()
export class ReopenGroups {
  constructor(
    private readonly groups: FailureGroups,
    private readonly clock: Clock,
  ) {}

  /** Gives whether there were any. */
  async execute(): Promise<boolean> {
    const now = new Date(this.clock.now()).toISOString();
    const over = await this.groups.ignoredUntil(now, groupsAtOnce);
    await this.groups.write(over.map((previous) => ({ previous, next: afterIgnored(previous, now, uuidv7()) })));
    return over.length > 0;
  }
}
