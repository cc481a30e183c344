import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { TheOrigin } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { ApproveGroupRecovery } from '../commands/approve-group-recovery.js';
import { CancelGroupRecovery } from '../commands/cancel-group-recovery.js';
import { RecoverGroup } from '../commands/recover-group.js';
import { GetGroupRecovery } from '../queries/get-group-recovery.js';
import { ListGroupRecoveries } from '../queries/list-group-recoveries.js';
import { ListRecoveryItems } from '../queries/list-recovery-items.js';

/** Takes what people ask to be run again of groups, and answers how far it is. */
@Controller()
export class GroupRecoveriesController {
  constructor(
    private readonly recoverGroup: RecoverGroup,
    private readonly approveGroupRecovery: ApproveGroupRecovery,
    private readonly cancelGroupRecovery: CancelGroupRecovery,
    private readonly listGroupRecoveries: ListGroupRecoveries,
    private readonly getGroupRecovery: GetGroupRecovery,
    private readonly listRecoveryItems: ListRecoveryItems,
  ) {}

  @MessagePattern(subjects.request('recovery', 'recoverGroup'))
  async recover(
    @Payload({ schema: operations.recoverGroup.request }) request: ActionRequest<'recoverGroup'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'recoverGroup'>> {
    return this.recoverGroup.execute(request, origin);
  }

  @MessagePattern(subjects.request('recovery', 'approveGroupRecovery'))
  async approve(
    @Payload({ schema: operations.approveGroupRecovery.request }) request: ActionRequest<'approveGroupRecovery'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'approveGroupRecovery'>> {
    return this.approveGroupRecovery.execute(request, origin);
  }

  @MessagePattern(subjects.request('recovery', 'cancelGroupRecovery'))
  async cancel(
    @Payload({ schema: operations.cancelGroupRecovery.request }) request: ActionRequest<'cancelGroupRecovery'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'cancelGroupRecovery'>> {
    return this.cancelGroupRecovery.execute(request, origin);
  }

  @MessagePattern(subjects.request('recovery', 'listGroupRecoveries'))
  async list(
    @Payload({ schema: operations.listGroupRecoveries.request }) request: ActionRequest<'listGroupRecoveries'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'listGroupRecoveries'>> {
    return this.listGroupRecoveries.execute(request, origin);
  }

  @MessagePattern(subjects.request('recovery', 'getGroupRecovery'))
  async get(
    @Payload({ schema: operations.getGroupRecovery.request }) request: ActionRequest<'getGroupRecovery'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'getGroupRecovery'>> {
    return this.getGroupRecovery.execute(request, origin);
  }

  @MessagePattern(subjects.request('recovery', 'listRecoveryItems'))
  async items(
    @Payload({ schema: operations.listRecoveryItems.request }) request: ActionRequest<'listRecoveryItems'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'listRecoveryItems'>> {
    return this.listRecoveryItems.execute(request, origin);
  }
}
