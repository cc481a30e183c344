import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type LogPage, type LogText } from '@kintsugi/contracts';
import { TheOrigin } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { ReadJobLog } from '../queries/read-job-log.js';

/** Answers what is asked of logs. */
@Controller()
export class JobLogsController {
  constructor(private readonly readJobLog: ReadJobLog) {}

  @MessagePattern(subjects.request('metrics', 'readJobLog'))
  page(
    @Payload({ schema: operations.readJobLog.request }) request: ActionRequest<'readJobLog'>,
    @TheOrigin() origin: Origin,
  ): Promise<LogPage> {
    return this.readJobLog.page(request, origin);
  }

  @MessagePattern(subjects.request('metrics', 'readLogText'))
  text(
    @Payload({ schema: operations.readLogText.request }) request: ActionRequest<'readLogText'>,
    @TheOrigin() origin: Origin,
  ): Promise<LogText> {
    return this.readJobLog.text(request, origin);
  }
}
