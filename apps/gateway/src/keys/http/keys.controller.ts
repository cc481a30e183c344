import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  apiKeyIdSchema,
  createKeySchema,
  rotateKeySchema,
  validate,
  type KeyList,
  type MadeApiKey,
  type RevokedKey,
  type RotateKey,
} from '@kintsugi/contracts';
import { ContractPipe, type Origin } from '@kintsugi/messaging';
import { RequestBodies } from '../../http/request-bodies.js';
import { Weighs } from '../../rates/http/weight.js';
import { AdministerKeys } from '../commands/administer-keys.js';
import { NeedsRole, TellsOfAllTenants } from './access.js';
import { TheOrigin } from './caller.js';

const bodyBytesMax = 4_096;

/** The API keys, for admins who are bound to no tenant. */
@Controller('v1/keys')
export class KeysController {
  constructor(
    private readonly keys: AdministerKeys,
    private readonly bodies: RequestBodies,
  ) {}

  @Get()
  @NeedsRole('admin')
  @TellsOfAllTenants()
  @Weighs(5)
  async listKeys(): Promise<KeyList> {
    return { items: await this.keys.list(new Date()) };
  }

  @Post()
  @HttpCode(200)
  @NeedsRole('admin')
  @TellsOfAllTenants()
  @Weighs(5)
  createKey(@Req() { raw }: FastifyRequest, @TheOrigin() origin: Origin): Promise<MadeApiKey> {
    const use = ({ rest }: { rest: unknown }) => this.keys.create(validate(createKeySchema, rest, 'body'), origin);
    return this.bodies.json(raw, use, bodyBytesMax);
  }

  @Post(':id/rotate')
  @HttpCode(200)
  @NeedsRole('admin')
  @TellsOfAllTenants()
  @Weighs(5)
  rotateKey(
    @Param('id', { schema: apiKeyIdSchema, pipes: [new ContractPipe('id')] }) id: string,
    @Query({ schema: rotateKeySchema, pipes: [new ContractPipe('query')] }) { overlap_s: overlapSeconds = 0 }: RotateKey,
    @TheOrigin() origin: Origin,
  ): Promise<MadeApiKey> {
    return this.keys.rotate(id, overlapSeconds, origin);
  }

  @Post(':id/revoke')
  @HttpCode(200)
  @NeedsRole('admin')
  @TellsOfAllTenants()
  @Weighs(5)
  revokeKey(
    @Param('id', { schema: apiKeyIdSchema, pipes: [new ContractPipe('id')] }) id: string,
    @TheOrigin() origin: Origin,
  ): Promise<RevokedKey> {
    return this.keys.revoke(id, origin);
  }
}
