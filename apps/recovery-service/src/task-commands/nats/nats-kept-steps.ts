import { Injectable } from '@nestjs/common';
import { limits, serviceActor, type StepPage } from '@kintsugi/contracts';
import { Bus, callAction, ownOrigin } from '@kintsugi/messaging';
import type { KeptSteps } from '../kept-steps.js';

const timeoutMs = 5_000;
const actor = serviceActor('recovery-service');

/** Asks job-service for the steps of a task. */
@Injectable()
export class NatsKeptSteps implements KeptSteps {
  constructor(private readonly bus: Bus) {}

  async namesOf(jobId: string, taskId: string): Promise<string[]> {
    const names: string[] = [];
    for (let cursor: string | undefined; ;) {
      const request = { job_id: jobId, task_id: taskId, limit: limits.pageSize, ...(cursor === undefined ? {} : { cursor }) };
      const page: StepPage = await callAction(this.bus, 'listSteps', request, { timeoutMs, origin: ownOrigin(actor) });
      names.push(...page.items.map(({ name }) => name));
      if (page.next_cursor === null) return names;
      cursor = page.next_cursor;
    }
  }
}
