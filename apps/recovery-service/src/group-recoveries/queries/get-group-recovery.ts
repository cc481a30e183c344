import { Injectable } from '@nestjs/common';
import type { ActionRequest, GroupRecovery } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { GroupRecoveryReader } from '../group-recovery-reader.js';

/** One recovery of a group, with how far it is. */
@Injectable()
export class GetGroupRecovery {
  constructor(private readonly reader: GroupRecoveryReader) {}

  async execute({ recovery_id }: ActionRequest<'getGroupRecovery'>, { actor }: Pick<Origin, 'actor'>): Promise<GroupRecovery> {
    return this.reader.view(await this.reader.find(recovery_id, actor));
  }
}
