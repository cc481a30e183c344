import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { UnservedLanes } from '../unserved-lanes.js';

/** Says which job types nobody runs. */
@Controller()
export class LanesController {
  constructor(private readonly unserved: UnservedLanes) {}

  @MessagePattern(subjects.request('job', 'checkLanes'))
  check(
    @Payload({ schema: operations.checkLanes.request }) { lanes }: ActionRequest<'checkLanes'>,
  ): ActionResponse<'checkLanes'> {
    return { unserved: lanes.filter((lane) => this.unserved.has(lane)) };
  }
}
