import { Controller, Get, Param, Query } from '@nestjs/common';
import { getGroupSchema, listGroupsSchema, queryLimitSchema, type GroupDetails, type GroupPage } from '@kintsugi/contracts';
import { ContractPipe, type Origin } from '@kintsugi/messaging';
import type { z } from 'zod';
import { NeedsRole } from '../../keys/http/access.js';
import { TheOrigin } from '../../keys/http/caller.js';
import { Backend } from '../../nats/backend.js';
import { Weighs } from '../../rates/http/weight.js';

const groupsQuerySchema = listGroupsSchema.extend({ limit: queryLimitSchema });

/** Groups of failures, for reading. */
@Controller('v1/groups')
export class GroupsController {
  constructor(private readonly backend: Backend) {}

  @Get()
  @NeedsRole('viewer')
  @Weighs(5)
  listGroups(
    @Query({ schema: groupsQuerySchema, pipes: [new ContractPipe('query')] }) query: z.output<typeof groupsQuerySchema>,
    @TheOrigin() origin: Origin,
  ): Promise<GroupPage> {
    return this.backend.ask('listGroups', query, origin);
  }

  @Get(':id')
  @NeedsRole('viewer')
  @Weighs(5)
  getGroup(
    @Param('id', { schema: getGroupSchema.shape.group_id, pipes: [new ContractPipe('id')] }) id: string,
    @TheOrigin() origin: Origin,
  ): Promise<GroupDetails> {
    return this.backend.ask('getGroup', { group_id: id }, origin);
  }
}
