import { Controller, Get, Param, Query } from '@nestjs/common';
import {
  getGroupRecoverySchema,
  listGroupRecoveriesSchema,
  listRecoveryItemsSchema,
  queryLimitSchema,
  type GroupRecovery,
  type GroupRecoveryPage,
  type RecoveryItemPage,
} from '@kintsugi/contracts';
import { ContractPipe, type Origin } from '@kintsugi/messaging';
import type { z } from 'zod';
import { NeedsRole } from '../../keys/http/access.js';
import { TheOrigin } from '../../keys/http/caller.js';
import { Backend } from '../../nats/backend.js';
import { Weighs } from '../../rates/http/weight.js';

const recoveriesQuerySchema = listGroupRecoveriesSchema.extend({ limit: queryLimitSchema });
const itemsQuerySchema = listRecoveryItemsSchema.omit({ recovery_id: true }).extend({ limit: queryLimitSchema });
const idSchema = getGroupRecoverySchema.shape.recovery_id;

/** Recoveries of groups, for reading. */
@Controller('v1/group-recoveries')
export class GroupRecoveriesController {
  constructor(private readonly backend: Backend) {}

  @Get()
  @NeedsRole('viewer')
  @Weighs(5)
  listGroupRecoveries(
    @Query({ schema: recoveriesQuerySchema, pipes: [new ContractPipe('query')] }) query: z.output<typeof recoveriesQuerySchema>,
    @TheOrigin() origin: Origin,
  ): Promise<GroupRecoveryPage> {
    return this.backend.ask('listGroupRecoveries', query, origin);
  }

  @Get(':id')
  @NeedsRole('viewer')
  @Weighs(2)
  getGroupRecovery(
    @Param('id', { schema: idSchema, pipes: [new ContractPipe('id')] }) id: string,
    @TheOrigin() origin: Origin,
  ): Promise<GroupRecovery> {
    return this.backend.ask('getGroupRecovery', { recovery_id: id }, origin);
  }

  @Get(':id/items')
  @NeedsRole('viewer')
  @Weighs(5)
  listRecoveryItems(
    @Param('id', { schema: idSchema, pipes: [new ContractPipe('id')] }) id: string,
    @Query({ schema: itemsQuerySchema, pipes: [new ContractPipe('query')] }) query: z.output<typeof itemsQuerySchema>,
    @TheOrigin() origin: Origin,
  ): Promise<RecoveryItemPage> {
    return this.backend.ask('listRecoveryItems', { recovery_id: id, ...query }, origin);
  }
}
