import { Injectable } from '@nestjs/common';
import type { Chunk } from '../tasks/domain/chunk.js';
import { countedSteps, ownersOfSteps } from '../tasks/domain/counted-steps.js';
import type { KeptStep, StepHead } from './kept-step.js';
import { StepRecord } from './step-record.js';

/** Reads the steps behind which the next run of a task goes on. Nothing is looked up for a task that has none. */
@Injectable()
export class StepsOfTask {
  constructor(private readonly record: StepRecord) {}

  async at(chunk: Chunk, index: number): Promise<StepHead[]> {
    const mark = chunk.state.extras.steps[index];
    if (!mark) return [];
    const taskId = chunk.taskId(index);
    return countedSteps(taskId, mark, await this.record.heads(ownersOfSteps(taskId, mark)));
  }

  /** Steps with what they returned: all of a task can be too much to hold at once. */
  whole(steps: readonly StepHead[]): Promise<KeptStep[]> {
    return this.record.read(steps);
  }
}
