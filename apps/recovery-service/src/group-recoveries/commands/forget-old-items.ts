import { Injectable } from '@nestjs/common';
import { RecoveryItems } from '../../records/recovery-items.js';
import { GroupRecoveries } from '../group-recoveries.js';

/** Removes the items of recoveries that are no longer kept. */
@Injectable()
export class ForgetOldItems {
  constructor(
    private readonly recoveries: GroupRecoveries,
    private readonly items: RecoveryItems,
  ) {}

  async execute(): Promise<void> {
    const ids = await this.items.recoveryIds();
    const kept = new Set(await this.recoveries.among(ids));
    for (const id of ids) if (!kept.has(id)) await this.items.removeRecovery(id);
  }
}
