import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { TheOrigin } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { ForgetFailures } from '../commands/forget-failures.js';
import { GetError } from '../queries/get-error.js';
import { ListErrorGroups } from '../queries/list-error-groups.js';
import { ListErrors } from '../queries/list-errors.js';

/** Answers what is asked about error records. */
@Controller()
export class ErrorsController {
  constructor(
    private readonly listErrors: ListErrors,
    private readonly getError: GetError,
    private readonly listErrorGroups: ListErrorGroups,
    private readonly forgetFailures: ForgetFailures,
  ) {}

  @MessagePattern(subjects.request('recovery', 'listErrors'))
  async list(
    @Payload({ schema: operations.listErrors.request }) request: ActionRequest<'listErrors'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'listErrors'>> {
    return this.listErrors.execute(request, origin);
  }

  @MessagePattern(subjects.request('recovery', 'getError'))
  async get(
    @Payload({ schema: operations.getError.request }) request: ActionRequest<'getError'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'getError'>> {
    return this.getError.execute(request, origin);
  }

  @MessagePattern(subjects.request('recovery', 'listErrorGroups'))
  async groups(
    @Payload({ schema: operations.listErrorGroups.request }) request: ActionRequest<'listErrorGroups'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'listErrorGroups'>> {
    return this.listErrorGroups.execute(request, origin);
  }

  @MessagePattern(subjects.request('recovery', 'forgetFailures'))
  async forget(
    @Payload({ schema: operations.forgetFailures.request }) { job_ids: jobIds }: ActionRequest<'forgetFailures'>,
  ): Promise<ActionResponse<'forgetFailures'>> {
    await this.forgetFailures.execute(jobIds);
    return { forgotten: jobIds.length };
  }
}
