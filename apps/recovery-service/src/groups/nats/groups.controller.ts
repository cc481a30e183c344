import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { TheOrigin } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { MergeGroups } from '../commands/merge-groups.js';
import { SplitGroup } from '../commands/split-group.js';
import { UpdateGroup } from '../commands/update-group.js';
import { GetGroup } from '../queries/get-group.js';
import { ListGroupTasks } from '../queries/list-group-tasks.js';
import { ListGroups } from '../queries/list-groups.js';

/** Answers what is asked about groups of failures, and takes what people say of them. */
@Controller()
export class GroupsController {
  constructor(
    private readonly listGroups: ListGroups,
    private readonly getGroup: GetGroup,
    private readonly updateGroup: UpdateGroup,
    private readonly mergeGroups: MergeGroups,
    private readonly splitGroup: SplitGroup,
    private readonly listGroupTasks: ListGroupTasks,
  ) {}

  @MessagePattern(subjects.request('recovery', 'listGroups'))
  async list(
    @Payload({ schema: operations.listGroups.request }) request: ActionRequest<'listGroups'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'listGroups'>> {
    return this.listGroups.execute(request, origin);
  }

  @MessagePattern(subjects.request('recovery', 'getGroup'))
  async get(
    @Payload({ schema: operations.getGroup.request }) request: ActionRequest<'getGroup'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'getGroup'>> {
    return this.getGroup.execute(request, origin);
  }

  @MessagePattern(subjects.request('recovery', 'updateGroup'))
  async update(
    @Payload({ schema: operations.updateGroup.request }) request: ActionRequest<'updateGroup'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'updateGroup'>> {
    return this.updateGroup.execute(request, origin);
  }

  @MessagePattern(subjects.request('recovery', 'mergeGroups'))
  async merge(
    @Payload({ schema: operations.mergeGroups.request }) request: ActionRequest<'mergeGroups'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'mergeGroups'>> {
    return this.mergeGroups.execute(request, origin);
  }

  @MessagePattern(subjects.request('recovery', 'splitGroup'))
  async split(
    @Payload({ schema: operations.splitGroup.request }) request: ActionRequest<'splitGroup'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'splitGroup'>> {
    return this.splitGroup.execute(request, origin);
  }

  @MessagePattern(subjects.request('recovery', 'listGroupTasks'))
  async tasks(
    @Payload({ schema: operations.listGroupTasks.request }) request: ActionRequest<'listGroupTasks'>,
  ): Promise<ActionResponse<'listGroupTasks'>> {
    return this.listGroupTasks.execute(request);
  }
}
