import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { BatchJob } from '@kintsugi/contracts';
import { startPlatform, type Platform } from '@kintsugi/supervisor';
import { environmentOfRun } from './chaos.config.js';
import { faultsOf, type Fault, type FaultKind } from './domain/fault.js';
import { violationsOfEnds, violationsOfJobs, violationsOfRuns, type ProducedJob, type Violation } from './domain/invariants.js';
import { Random } from './domain/random.js';
import type { ChaosResults, Recovery } from './domain/results.js';
import { Injector } from './process/injector.js';
import { SmallDisk } from './process/small-disk.js';
import { Api, StuckError, giveUpMs } from './traffic/api.js';
import { EffectRecorder } from './traffic/effect-recorder.js';
import { Probe } from './traffic/probe.js';
import { Producers } from './traffic/producers.js';

export interface ChaosPlan {
  seed: number;
  /** Ends after so many faults, or so many minutes, whichever comes first. */
  faults?: number;
  minutes?: number;
  kinds: readonly FaultKind[];
  leftOut?: ChaosResults['leftOut'];
  pauseMsMax?: number;
}

const workers = ['worker-1', 'worker-2'];
const workerProgram = 'tools/chaos/dist/process/worker-main.js';
const betweenFaultsMs = { least: 300, most: 2_000 };
const pauseMsDefault = 6_000;
const askedAtOnce = 32;

/** One seed: a whole platform under traffic, one fault after the other, and after each the question what still holds. */
export class ChaosRun {
  private readonly random: Random;
  private readonly folder = mkdtempSync(join(tmpdir(), 'kintsugi-chaos-'));
  private readonly recoveries: Recovery[] = [];
  private readonly violations = new Map<string, Violation>();
  private readonly found = new Map<string, BatchJob | null>();
  /** When the first fault may come: how long a platform takes to start is not the run's. */
  private startedAt = new Date();
  private lastFault = 'the start';

  constructor(
    private readonly plan: ChaosPlan,
    private readonly interrupted: AbortSignal,
    private readonly tell: (line: string) => void,
  ) {
    this.random = new Random(plan.seed);
  }

  async measure(): Promise<ChaosResults> {
    const disk = this.plan.kinds.includes('disk_full') ? SmallDisk.mount(join(this.folder, 'disk')) : null;
    const recorder = new EffectRecorder(join(this.folder, 'runs.ndjson'));
    try {
      const environment = environmentOfRun(await recorder.start());
      const settings = { WORKERS: workers.length, WORKER_PROGRAM: [workerProgram] };
      const platform = await startPlatform({ home: join(disk?.folder ?? this.folder, 'home'), settings, environment });
      try {
        return await this.underTraffic(platform, recorder, new Injector(platform, disk));
      } finally {
        await platform.stop();
      }
    } finally {
      await recorder.stop();
      // What broke a promise is worth a look at the logs; a small disk goes with its mount.
      if (disk && this.violations.size > 0) {
        cpSync(join(disk.folder, 'home', 'logs'), join(this.folder, 'logs'), { recursive: true });
      }
      disk?.unmount();
      if (this.violations.size > 0) this.tell(`What it left is in ${this.folder}.`);
      else rmSync(this.folder, { recursive: true, force: true });
    }
  }

  private async underTraffic(platform: Platform, recorder: EffectRecorder, injector: Injector): Promise<ChaosResults> {
    const api = new Api(platform.urls.api);
    const runName = `chaos-${this.plan.seed}`;
    const producers = new Producers(api, new Random(this.plan.seed + 1), runName);
    const probe = new Probe(api, recorder, producers, runName);
    producers.start();
    try {
      await this.breakAndCheck({ injector, probe, producers, recorder, api });
      await producers.stop();
      await this.checkEnds(api, producers.jobs, recorder, injector);
    } catch (error) {
      if (!(error instanceof StuckError)) throw error;
      this.note([{ promise: 'it works again by itself', about: `after ${this.lastFault}: ${error.message}` }]);
    } finally {
      await producers.stop(0).catch(() => undefined);
    }
    const accepted = producers.jobs.filter(({ jobId }) => jobId !== null);
    return {
      seed: this.plan.seed,
      startedAt: this.startedAt.toISOString(),
      durationS: Math.round((Date.now() - this.startedAt.getTime()) / 1_000),
      machine: `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node.js ${process.versions.node}`,
      ...{ kills: injector.kills, pauses: injector.pauses, accepted: accepted.length },
      tasks: accepted.reduce((sum, { tasks }) => sum + tasks, 0),
      runs: recorder.runs.length,
      refusedRequests: producers.refused,
      recoveries: this.recoveries,
      violations: [...this.violations.values()],
      leftOut: this.plan.leftOut ?? [],
      interrupted: this.interrupted.aborted,
    };
  }

  private async breakAndCheck(parts: {
    injector: Injector;
    probe: Probe;
    producers: Producers;
    recorder: EffectRecorder;
    api: Api;
  }): Promise<void> {
    const { injector, probe, producers, recorder, api } = parts;
    const { kinds, faults = Infinity, minutes = Infinity, pauseMsMax = pauseMsDefault } = this.plan;
    const sequence = faultsOf(this.random, { kinds, workers, pauseMsMax });
    await probe.take(performance.now());
    this.startedAt = new Date();
    for (let count = 1; count <= faults && !this.isOver(minutes); count += 1) {
      await this.pauseBetween();
      const { value: fault } = sequence.next();
      this.lastFault = `fault ${count}, ${wordsOf(fault)}`;
      await injector.inject(fault);
      const times = await probe.take(performance.now());
      const recovery = { kind: fault.kind, victim: fault.victim, ...times };
      this.recoveries.push(recovery);
      await this.checkJobs(api, producers.jobs, recorder);
      this.note(violationsOfRuns(recorder.runs, producers.jobs, injector.outages));
      this.tell(lineOf(count, fault, recovery, this.violations.size));
    }
  }

  private isOver(minutes: number): boolean {
    return this.interrupted.aborted || Date.now() - this.startedAt.getTime() > minutes * 60_000;
  }

  private pauseBetween(): Promise<void> {
    const milliseconds = this.random.between(betweenFaultsMs.least, betweenFaultsMs.most);
    return pause(milliseconds, undefined, { signal: this.interrupted }).catch(() => undefined);
  }

  /** Each job that was accepted since the last look is there. */
  private async checkJobs(api: Api, jobs: readonly ProducedJob[], recorder: EffectRecorder): Promise<void> {
    const unseen = jobs.flatMap(({ jobId }) => (jobId === null || this.found.has(jobId) ? [] : [jobId]));
    await this.look(api, unseen);
    this.note(violationsOfJobs(jobs, this.found, recorder.runs));
  }

  private async look(api: Api, ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += askedAtOnce) {
      const looks = ids.slice(from, from + askedAtOnce).map(async (id) => this.found.set(id, await api.job(id)));
      await Promise.all(looks);
    }
  }

  /** Nobody helps: with the last fault over, every job ends by itself, and the history says the same of each. */
  private async checkEnds(api: Api, jobs: readonly ProducedJob[], recorder: EffectRecorder, injector: Injector): Promise<void> {
    const ids = jobs.flatMap(({ jobId }) => jobId ?? []);
    const endsOf = (): Violation[] => violationsOfEnds(jobs, this.found, recorder.runs, injector.outages);
    await this.until(async () => {
      const open = new Set(endsOf().map(({ about }) => about.slice(0, about.indexOf(':'))));
      await this.look(
        api,
        ids.filter((id) => open.has(id) || !this.found.has(id)),
      );
      return endsOf().length === 0;
    });
    this.note(violationsOfJobs(jobs, this.found, recorder.runs));
    this.note(violationsOfRuns(recorder.runs, jobs, injector.outages));
    this.note(endsOf());
    let differing: string[] = ids;
    await this.until(async () => {
      const history = await api.history().catch(() => new Map<string, BatchJob>());
      differing = ids.filter((id) => history.get(id)?.status !== this.found.get(id)?.status);
      // One that was given up with its worker may have healed since it was looked at: its worker was only paused.
      await this.look(api, differing);
      return differing.length === 0;
    });
    this.note(differing.map((about) => ({ promise: 'the history tells of each job as it is', about })));
  }

  private async until(holds: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + giveUpMs;
    while (!(await holds()) && performance.now() < deadline) await pause(500);
  }

  private note(violations: readonly Violation[]): void {
    for (const violation of violations) this.violations.set(`${violation.promise} ${violation.about}`, violation);
  }
}

function lineOf(count: number, fault: Fault, { acceptedMs, healedMs }: Recovery, violations: number): string {
  const times = `accepted again after ${Math.round(acceptedMs)} ms, healed after ${Math.round(healedMs)} ms`;
  return `${String(count).padStart(4)}  ${wordsOf(fault)}: ${times}${violations > 0 ? `; ${violations} promises broken` : ''}`;
}

function wordsOf({ kind, victim, lastsMs }: Fault): string {
  const long = kind.startsWith('pause') || kind === 'disk_full' ? ` for ${(lastsMs / 1_000).toFixed(1)} s` : '';
  return `${kind.replaceAll('_', ' ')}${victim === null ? '' : ` ${victim}`}${long}`;
}
