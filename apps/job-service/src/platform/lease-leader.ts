import { Inject, Injectable } from '@nestjs/common';
import { EXIT_CONFIG, Faults, LOGGER, SETTINGS } from '@kintsugi/hosting';
import type { Logger } from '@kintsugi/observability';
import { Leadership, Store } from '@kintsugi/persistence';
import type { JobServiceSettings } from '../job-service.config.js';
import type { Leader } from './leader.js';

/** Leads by a lease in MongoDB. A process that has lost it ends: what it holds in memory is another's now. */
@Injectable()
export class LeaseLeader implements Leader {
  epoch = 0;
  private readonly leadership: Leadership;

  constructor(
    store: Store,
    @Inject(SETTINGS) settings: JobServiceSettings,
    @Inject(LOGGER) private readonly logger: Logger,
    faults: Faults,
  ) {
    const holder = settings.INSTANCE_ID;
    const onLost = (sameName: boolean): never => this.end(holder, sameName);
    this.leadership = new Leadership(store, { role: 'job-service', holder, onLost, onFault: faults.report });
  }

  /** Resolves once this replica leads. */
  async lead(signal: AbortSignal): Promise<void> {
    this.epoch = await this.leadership.acquire(signal);
  }

  assertLeading(): Promise<void> {
    return this.leadership.assertLeader();
  }

  release(): Promise<void> {
    return this.leadership.release();
  }

  private end(holder: string, sameName: boolean): never {
    const { logger } = this;
    if (sameName) logger.fatal({ instance_id: holder }, 'Another process leads under the same INSTANCE_ID; give each its own.');
    else logger.fatal('Another replica leads now; this one starts anew.');
    process.exit(sameName ? EXIT_CONFIG : 1);
  }
}
