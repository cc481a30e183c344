import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ActionResponse, ErrorGroupList, ErrorPage, ErrorRecord } from '@kintsugi/contracts';
import { ContractPipe } from '@kintsugi/messaging';
import { NeedsRole } from '../../keys/http/access.js';
import { Backend } from '../../nats/backend.js';
import { Weighs } from '../../rates/http/weight.js';
import {
  errorGroupsQuerySchema,
  errorRecordIdSchema,
  errorsQuerySchema,
  type ErrorGroupsQuery,
  type ErrorsQuery,
} from './error-queries.js';

const inQuery = new ContractPipe('query');
const inPath = new ContractPipe('id');

/** Error records, their groups and the retry policies, for reading. */
@Controller('v1')
export class ErrorsController {
  constructor(private readonly backend: Backend) {}

  @Get('errors')
  @NeedsRole('viewer')
  @Weighs(5)
  listErrors(
    @Query({ schema: errorsQuerySchema, pipes: [inQuery] }) query: ErrorsQuery,
    @Req() request: FastifyRequest,
  ): Promise<ErrorPage> {
    return this.backend.ask('listErrors', query, request.id);
  }

  @Get('errors/:id')
  @NeedsRole('viewer')
  getError(
    @Param('id', { schema: errorRecordIdSchema, pipes: [inPath] }) id: string,
    @Req() request: FastifyRequest,
  ): Promise<ErrorRecord> {
    return this.backend.ask('getError', { error_record_id: id }, request.id);
  }

  @Get('error-groups')
  @NeedsRole('viewer')
  @Weighs(50)
  listErrorGroups(
    @Query({ schema: errorGroupsQuerySchema, pipes: [inQuery] }) query: ErrorGroupsQuery,
    @Req() request: FastifyRequest,
  ): Promise<ErrorGroupList> {
    return this.backend.ask('listErrorGroups', query, request.id);
  }

  @Get('retry-configs')
  @NeedsRole('viewer')
  listRetryConfigs(@Req() request: FastifyRequest): Promise<ActionResponse<'listRetryConfigs'>> {
    return this.backend.ask('listRetryConfigs', {}, request.id);
  }
}
