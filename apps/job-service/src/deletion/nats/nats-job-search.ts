import { Injectable } from '@nestjs/common';
import { Bus, callAction, type Origin } from '@kintsugi/messaging';
import type { JobFilter, JobSearch } from '../job-search.js';

const timeoutMs = 30_000;

/** Asks metrics-service, for whoever asks here: what is not his he does not find. */
@Injectable()
export class NatsJobSearch implements JobSearch {
  constructor(private readonly bus: Bus) {}

  async page(
    filters: JobFilter,
    { limit, cursor }: { limit: number; cursor: string | undefined },
    origin: Origin,
  ): Promise<{ jobIds: string[]; cursor: string | null }> {
    const pagination = { per_page: limit, ...(cursor === undefined ? {} : { cursor }) };
    const request = { filters, pagination, sort: { order: 'asc' as const } };
    const found = await callAction(this.bus, 'fetchJobHistory', request, { timeoutMs, origin });
    return { jobIds: found.items.map(({ id }) => id), cursor: found.pagination.next_cursor };
  }

  async count(filters: JobFilter, origin: Origin): Promise<number> {
    // Whatever is summed up is summed up over all of them.
    const request = { filters, pagination: { per_page: 1 }, aggregations: { success_rate: true } };
    const found = await callAction(this.bus, 'fetchJobHistory', request, { timeoutMs, origin });
    return found.aggregations?.counted.jobs ?? 0;
  }
}
