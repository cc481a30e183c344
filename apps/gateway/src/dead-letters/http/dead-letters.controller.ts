import { Controller, Get, Param, Query } from '@nestjs/common';
import { deadLetterIdSchema, type AllDeadLettersPage, type DeadLetterDetails } from '@kintsugi/contracts';
import { ContractPipe, type Origin } from '@kintsugi/messaging';
import { NeedsRole } from '../../keys/http/access.js';
import { TheOrigin } from '../../keys/http/caller.js';
import { Weighs } from '../../rates/http/weight.js';
import { ReadDeadLetters } from '../queries/read-dead-letters.js';
import { deadLettersQuerySchema, type DeadLettersQuery } from './dead-letters-query.js';

/** What services and webhooks could not take, for reading. */
@Controller('v1/dead-letters')
export class DeadLettersController {
  constructor(private readonly letters: ReadDeadLetters) {}

  @Get()
  @NeedsRole('viewer')
  @Weighs(5)
  listDeadLetters(
    @Query({ schema: deadLettersQuerySchema, pipes: [new ContractPipe('query')] }) query: DeadLettersQuery,
    @TheOrigin() origin: Origin,
  ): Promise<AllDeadLettersPage> {
    const { service, ...request } = query;
    return this.letters.list(service, request, origin);
  }

  @Get(':id')
  @NeedsRole('viewer')
  getDeadLetter(
    @Param('id', { schema: deadLetterIdSchema, pipes: [new ContractPipe('id')] }) id: string,
    @TheOrigin() origin: Origin,
  ): Promise<DeadLetterDetails> {
    return this.letters.get(id, origin);
  }
}
