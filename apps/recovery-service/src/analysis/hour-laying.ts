import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '@kintsugi/hosting';
import type { Logger } from '@kintsugi/observability';
import { LayDownHours } from './commands/lay-down-hours.js';

const everyMs = 60_000;

/** Lays down hours of failures for as long as this replica leads. */
@Injectable()
export class HourLaying {
  constructor(
    private readonly layDown: LayDownHours,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'error'>,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.layDown.execute(signal).catch((error: unknown) => {
        this.logger.error({ error }, 'Hours of failures could not be laid down for analyses; they are tried again');
      });
      await delay(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
