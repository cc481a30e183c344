import { Module } from '@nestjs/common';
import { StepStore } from './mongo/step-store.js';
import { StepRecord } from './step-record.js';
import { StepWriter } from './step-writer.js';
import { StepsOfTask } from './steps-of-task.js';

/** What steps of tasks have returned. */
@Module({
  providers: [{ provide: StepRecord, useClass: StepStore }, StepWriter, StepsOfTask],
  exports: [StepRecord, StepWriter, StepsOfTask],
})
export class StepsModule {}
