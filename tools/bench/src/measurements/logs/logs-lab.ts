import { createClient, type Client } from '@kintsugi/client';
import { builtInWorkerName } from '@kintsugi/supervisor';
import type { BenchPlan } from '../../bench-plan.js';
import type { Readings } from '../../domain/figure-book.js';
import { fillLog, type FilledLog } from '../../load/log-filler.js';
import { CommandJobs } from '../../platform/command-jobs.js';
import { residentMb } from '../../process/process-figures.js';
import { perSecond } from '../bulk.js';
import type { Contender } from '../contender.js';
import { measureCommandOverhead } from './command-overhead.js';
import { measureLogSearch } from './log-search.js';
import { measureLogTail } from './log-tail.js';
import { measureNoopsBesideLogs } from './noops-beside-logs.js';
import { measureOutputFlood } from './output-flood.js';

const clientTimeoutMs = 60_000;
const bytesOfMegabyte = 1e6;
const needle = 'INFO the one line that is looked for';

/** Commands and their logs on a platform of its own, with what lasts over all rounds: the log that is searched, and what the worker took when it was fresh. */
export class LogsLab {
  private filled: FilledLog | null = null;
  private searchedJob = '';

  private constructor(
    private readonly contender: Contender,
    private readonly jobs: CommandJobs,
    private readonly client: Client,
    private readonly worker: { pid: number; freshMb: number },
  ) {}

  static async open(contender: Contender): Promise<LogsLab> {
    const { api = '', nats = '' } = contender.system.address as Record<string, string>;
    const pid = contender.system.processes().services.find(({ name }) => name === builtInWorkerName)?.pid ?? 0;
    const client = createClient({ baseUrl: api, timeoutMs: clientTimeoutMs });
    const jobs = await CommandJobs.connect(nats);
    // A worker that has run one is up, with all of its program loaded.
    await jobs.run(['true']);
    return new LogsLab(contender, jobs, client, { pid, freshMb: residentMb(pid) });
  }

  async measure({ commands, outputBytes, searchedBytes, ticks, bulkTasks }: BenchPlan): Promise<Readings> {
    const { contender, jobs, client, worker } = this;
    return {
      ...(await measureCommandOverhead(jobs, commands)),
      ...(await measureOutputFlood(jobs, worker, outputBytes)),
      ...(await this.search(searchedBytes)),
      ...(await measureLogTail(jobs, client, ticks)),
      ...(await measureNoopsBesideLogs(contender, { jobs, client }, bulkTasks)),
    };
  }

  close(): Promise<void> {
    return this.jobs.close();
  }

  /** The log is filled in the first round, and searched in each. */
  private async search(bytes: number): Promise<Readings> {
    const { jobs, client } = this;
    if (this.filled) return measureLogSearch(client, this.searchedJob, needle, this.filled);
    // Of one task it would share its log with others.
    this.searchedJob = await jobs.start([['true'], ['true']]);
    await jobs.end(this.searchedJob);
    this.filled = await fillLog(String(this.contender.system.address['nats']), this.searchedJob, bytes, needle);
    return {
      log_intake_mb_per_s: perSecond(this.filled.bytes / bytesOfMegabyte, this.filled.tookMs),
      ...(await measureLogSearch(client, this.searchedJob, needle, this.filled)),
    };
  }
}
