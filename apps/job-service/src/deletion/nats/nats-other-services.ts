import { Injectable } from '@nestjs/common';
import { serviceActor } from '@kintsugi/contracts';
import { Bus, callAction, ownOrigin } from '@kintsugi/messaging';
import type { OtherServices } from '../job-traces.js';

const timeoutMs = 10_000;
const actor = serviceActor('job-service');

/** Asks the services that keep a history and error records of jobs. */
@Injectable()
export class NatsOtherServices implements OtherServices {
  constructor(private readonly bus: Bus) {}

  async forget(jobIds: readonly string[]): Promise<void> {
    const request = { job_ids: [...jobIds] };
    const options = { timeoutMs, origin: ownOrigin(actor) };
    await callAction(this.bus, 'forgetFailures', request, options);
    await callAction(this.bus, 'forgetJobs', request, options);
  }
}
