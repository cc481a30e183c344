import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { Allocations } from '../allocations.js';
import { Pools } from '../pools.js';

/** Answers what is asked of pools and of who has their slots. */
@Controller()
export class PoolsController {
  constructor(
    private readonly pools: Pools,
    private readonly allocations: Allocations,
  ) {}

  @MessagePattern(subjects.request('pool', 'createPool'))
  create(
    @Payload({ schema: operations.createPool.request }) request: ActionRequest<'createPool'>,
  ): Promise<ActionResponse<'createPool'>> {
    return this.pools.create(request);
  }

  @MessagePattern(subjects.request('pool', 'getPool'))
  get(@Payload({ schema: operations.getPool.request }) { name }: ActionRequest<'getPool'>): ActionResponse<'getPool'> {
    return this.pools.get(name);
  }

  @MessagePattern(subjects.request('pool', 'listPools'))
  list(@Payload({ schema: operations.listPools.request }) _request: ActionRequest<'listPools'>): ActionResponse<'listPools'> {
    return this.pools.list();
  }

  @MessagePattern(subjects.request('pool', 'deletePool'))
  delete(
    @Payload({ schema: operations.deletePool.request }) request: ActionRequest<'deletePool'>,
  ): Promise<ActionResponse<'deletePool'>> {
    return this.pools.delete(request);
  }

  @MessagePattern(subjects.request('pool', 'addSlot'))
  addSlot(
    @Payload({ schema: operations.addSlot.request }) request: ActionRequest<'addSlot'>,
  ): Promise<ActionResponse<'addSlot'>> {
    return this.pools.addSlot(request);
  }

  @MessagePattern(subjects.request('pool', 'removeSlot'))
  removeSlot(
    @Payload({ schema: operations.removeSlot.request }) request: ActionRequest<'removeSlot'>,
  ): Promise<ActionResponse<'removeSlot'>> {
    return this.pools.removeSlot(request);
  }

  @MessagePattern(subjects.request('pool', 'getSlot'))
  getSlot(@Payload({ schema: operations.getSlot.request }) { slot_id }: ActionRequest<'getSlot'>): ActionResponse<'getSlot'> {
    return this.pools.getSlot(slot_id);
  }

  @MessagePattern(subjects.request('pool', 'allocate'))
  allocate(
    @Payload({ schema: operations.allocate.request }) request: ActionRequest<'allocate'>,
  ): Promise<ActionResponse<'allocate'>> {
    return this.allocations.allocate(request);
  }

  @MessagePattern(subjects.request('pool', 'heartbeatSlot'))
  heartbeat(
    @Payload({ schema: operations.heartbeatSlot.request }) request: ActionRequest<'heartbeatSlot'>,
  ): Promise<ActionResponse<'heartbeatSlot'>> {
    return this.allocations.heartbeat(request);
  }

  @MessagePattern(subjects.request('pool', 'release'))
  release(
    @Payload({ schema: operations.release.request }) request: ActionRequest<'release'>,
  ): Promise<ActionResponse<'release'>> {
    return this.allocations.release(request);
  }
}
