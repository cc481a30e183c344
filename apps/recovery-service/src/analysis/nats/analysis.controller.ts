import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { TheOrigin } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { AnalyzeErrors } from '../queries/analyze-errors.js';

/** Answers what failures add up to. */
@Controller()
export class AnalysisController {
  constructor(private readonly analyzeErrors: AnalyzeErrors) {}

  @MessagePattern(subjects.request('recovery', 'analyzeErrors'))
  async analyze(
    @Payload({ schema: operations.analyzeErrors.request }) request: ActionRequest<'analyzeErrors'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'analyzeErrors'>> {
    return this.analyzeErrors.execute(request, origin);
  }
}
