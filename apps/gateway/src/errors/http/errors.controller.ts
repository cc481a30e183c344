import { Controller, Get, Param, Query } from '@nestjs/common';
import type { ActionResponse, ErrorGroupList, ErrorPage, ErrorRecord, RetryConfigDetails } from '@kintsugi/contracts';
import { ContractPipe, type Origin } from '@kintsugi/messaging';
import { NeedsRole } from '../../keys/http/access.js';
import { TheOrigin } from '../../keys/http/caller.js';
import { Backend } from '../../nats/backend.js';
import { Weighs } from '../../rates/http/weight.js';
import {
  errorGroupsQuerySchema,
  errorRecordIdSchema,
  errorsQuerySchema,
  errorTypeSchema,
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
    @TheOrigin() origin: Origin,
  ): Promise<ErrorPage> {
    return this.backend.ask('listErrors', query, origin);
  }

  @Get('errors/:id')
  @NeedsRole('viewer')
  getError(
    @Param('id', { schema: errorRecordIdSchema, pipes: [inPath] }) id: string,
    @TheOrigin() origin: Origin,
  ): Promise<ErrorRecord> {
    return this.backend.ask('getError', { error_record_id: id }, origin);
  }

  @Get('error-groups')
  @NeedsRole('viewer')
  @Weighs(50)
  listErrorGroups(
    @Query({ schema: errorGroupsQuerySchema, pipes: [inQuery] }) query: ErrorGroupsQuery,
    @TheOrigin() origin: Origin,
  ): Promise<ErrorGroupList> {
    return this.backend.ask('listErrorGroups', query, origin);
  }

  @Get('retry-configs')
  @NeedsRole('viewer')
  listRetryConfigs(@TheOrigin() origin: Origin): Promise<ActionResponse<'listRetryConfigs'>> {
    return this.backend.ask('listRetryConfigs', {}, origin);
  }

  @Get('retry-configs/:id')
  @NeedsRole('viewer')
  getRetryConfig(
    @Param('id', { schema: errorTypeSchema, pipes: [new ContractPipe('error_type')] }) errorType: string,
    @TheOrigin() origin: Origin,
  ): Promise<RetryConfigDetails> {
    return this.backend.ask('getRetryConfig', { error_type: errorType }, origin);
  }
}
