import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { UnservedQueues } from '../unserved-queues.js';

/** Says which job types nobody runs. */
@Controller()
export class QueuesController {
  constructor(private readonly unserved: UnservedQueues) {}

  @MessagePattern(subjects.request('job', 'checkQueues'))
  check(
    @Payload({ schema: operations.checkQueues.request }) { queues }: ActionRequest<'checkQueues'>,
  ): ActionResponse<'checkQueues'> {
    return { unserved: queues.filter((queue) => this.unserved.has(queue)) };
  }
}
