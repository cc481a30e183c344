import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leashFolder, releaseFolder } from '@kintsugi/servers';
import type { BenchPlan } from './bench-plan.js';
import type { BenchResults, FailedRun, LeftOut } from './bench-results.js';
import { FigureBook, type Readings } from './domain/figure-book.js';
import { orderOfRound } from './domain/rotation.js';
import { isMeasuredIn, type MeasurementName, type SystemName } from './domain/systems.js';
import { measureBulk } from './measurements/bulk.js';
import { startContender, stopContender, type Contender } from './measurements/contender.js';
import { measureDefaults } from './measurements/defaults.js';
import { measureHttp } from './measurements/http.js';
import { measureIdle } from './measurements/idle.js';
import { LogsLab } from './measurements/logs/logs-lab.js';
import { loneMeasurements, type LoneMeasurement } from './measurements/lone-measurements.js';
import { measureMemoryGrowth } from './measurements/memory-growth.js';
import { measurePickup } from './measurements/pickup.js';
import { measureSingles } from './measurements/single.js';
import { measurePools } from './measurements/pools.js';
import { warmUp } from './measurements/warm-up.js';
import { measureWorkerKill } from './measurements/worker-kill.js';
import type { PlatformKind } from './platform/platform-system.js';
import { conditionsOfMachine } from './process/machine.js';
import { progressLine } from './report/progress-line.js';
import { createSystem } from './systems-under-test.js';

export type Teller = (text: string) => void;

/** One run of the benchmark: starts all systems, lets them take turns, and keeps the books. */
export class BenchRun {
  private readonly startedAt = new Date();
  private readonly conditions = conditionsOfMachine();
  private readonly folder = mkdtempSync(join(tmpdir(), 'kintsugi-bench-'));
  private readonly book = new FigureBook();
  private readonly contenders: Contender[] = [];
  private readonly measured: Contender[] = [];
  private readonly leftOut: LeftOut[] = [];
  private readonly failedRuns: FailedRun[] = [];
  private folders = 0;

  constructor(
    private readonly plan: BenchPlan,
    private readonly signal: AbortSignal,
    private readonly tell: Teller,
  ) {
    leashFolder(this.folder);
    // A server that does not run as root has to get through to its own folder.
    chmodSync(this.folder, 0o711);
  }

  /** Resolves when all is measured; whatever happens, nothing is left running and the folder is gone. */
  async measure(): Promise<BenchResults> {
    const breakOff = (): void => void this.stopAll();
    this.signal.addEventListener('abort', breakOff);
    try {
      await this.startAll();
      await this.once('idle', (contender) => measureIdle(contender, this.plan.idleMs));
      await this.warmUpAll();
      await this.inTurns();
      await Promise.allSettled([this.recoveryOfPeers(), this.memoryOfOurs()]);
      for (const each of loneMeasurements(this.plan, this.signal)) await this.alone(each);
      await this.logsOfOurs();
      await this.poolsOfOurs();
      this.signal.throwIfAborted();
      await this.once('defaults', (contender) => measureDefaults(contender, this.plan.defaultTasks));
      this.signal.throwIfAborted();
      return this.results();
    } finally {
      this.signal.removeEventListener('abort', breakOff);
      await this.stopAll();
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
      releaseFolder(this.folder);
    }
  }

  private async startAll(): Promise<void> {
    for (const name of this.plan.systems) {
      const contender = await this.start(name);
      if (contender) this.measured.push(contender);
    }
  }

  private async start(name: SystemName, kind?: PlatformKind): Promise<Contender | undefined> {
    this.signal.throwIfAborted();
    this.tell(`starting ${name}`);
    try {
      const system = await createSystem(name, this.tell, kind);
      this.folders += 1;
      const folder = join(this.folder, String(this.folders));
      mkdirSync(folder, { mode: 0o755 });
      const contender = await startContender(system, folder);
      this.contenders.push(contender);
      return contender;
    } catch (error) {
      this.signal.throwIfAborted();
      const reason = messageOf(error);
      this.leftOut.push({ system: name, reason });
      this.tell(`${name} is left out: ${reason}`);
      return undefined;
    }
  }

  private async warmUpAll(): Promise<void> {
    for (const contender of [...this.measured]) {
      this.tell(`warming up ${contender.system.name}`);
      const { bulkTasks, httpJobs } = this.plan;
      await this.attempt(contender, 'bulk', 0, async () => {
        await warmUp(contender, { bulkTasks, singleJobs: this.singleJobsOf(contender), httpJobs });
        return {};
      });
    }
  }

  private singleJobsOf({ system }: Contender): number {
    const isOnPostgres = system.name === 'graphile-worker' || system.name === 'dbos';
    return isOnPostgres ? this.plan.singleJobsOnPostgres : this.plan.singleJobs;
  }

  private async inTurns(): Promise<void> {
    const { bulkTasks, httpJobs, pickups } = this.plan;
    for (let round = 0; round < this.plan.runs; round += 1) {
      await this.turn('bulk', round, (contender) => measureBulk(contender, bulkTasks));
      await this.turn('single', round, (contender) => measureSingles(contender, this.singleJobsOf(contender)));
      await this.turn('http', round, (contender) => measureHttp(contender, httpJobs));
      await this.turn('pickup', round, (contender) => measurePickup(contender, pickups));
      await this.turn('recovery', round, async (contender) =>
        contender.system.name === 'kintsugi' ? { recovery_ms: await measureWorkerKill(contender, 'tuned') } : {},
      );
    }
  }

  /** One measurement of every system, in the order of this round. */
  private async turn(
    measurement: MeasurementName,
    round: number,
    measure: (contender: Contender) => Promise<Readings>,
  ): Promise<void> {
    if (!this.plan.measurements.includes(measurement)) return;
    const taking = this.measured.filter(({ system }) => isMeasuredIn(system.name, measurement));
    for (const contender of orderOfRound(taking, round)) {
      await this.attempt(contender, measurement, round + 1, () => measure(contender));
    }
  }

  private once(measurement: MeasurementName, measure: (contender: Contender) => Promise<Readings>): Promise<void> {
    return this.turn(measurement, 0, measure);
  }

  /** It mostly waits, so it does so while our memory is looked at, which is no question of speed. */
  private async recoveryOfPeers(): Promise<void> {
    const bullmq = this.measured.find(({ system }) => system.name === 'bullmq');
    if (!bullmq || !this.plan.measurements.includes('recovery')) return;
    this.tell('bullmq: a worker is killed, with the default lock of 30 s; this takes up to a minute');
    await this.attempt(bullmq, 'recovery', 1, async () => ({ recovery_ms: await measureWorkerKill(bullmq, 'tuned') }));
    await this.attempt(bullmq, 'recovery', 1, async () => ({
      recovery_short_lock_ms: await measureWorkerKill(bullmq, 'short-lock'),
    }));
  }

  private memoryOfOurs(): Promise<void> {
    const measure = (fresh: Contender): Promise<Readings> => measureMemoryGrowth(fresh, this.plan.memoryTasks);
    return this.alone({ measurement: 'memory', measure, runs: 1 });
  }

  /** Measures our own platform, one that nothing else has used. */
  private async alone({ measurement, measure, runs, notice, kind, beside }: LoneMeasurement): Promise<void> {
    if (!this.isWantedOfOurs(measurement)) return;
    if (notice !== undefined) this.tell(notice);
    const fresh = await this.start('kintsugi', kind);
    const other = beside && (await this.start('kintsugi', beside));
    if (!fresh) return;
    for (let [run, goesOn] = [1, true]; goesOn && run <= runs; run += 1) {
      goesOn = await this.attempt(fresh, measurement, run, () => measure(fresh, run, other));
    }
    await this.stop(fresh);
    if (other) await this.stop(other);
  }

  /** Beside it nothing runs commands, so the platform is one of its own. */
  private async logsOfOurs(): Promise<void> {
    if (!this.isWantedOfOurs('logs')) return;
    const fresh = await this.start('kintsugi', 'commands');
    if (!fresh) return;
    let lab: LogsLab | undefined;
    const measure = async (): Promise<Readings> => (lab ??= await LogsLab.open(fresh)).measure(this.plan);
    try {
      for (let [round, goesOn] = [1, true]; goesOn && round <= this.plan.runs; round += 1) {
        goesOn = await this.attempt(fresh, 'logs', round, measure);
      }
    } finally {
      await lab?.close();
      await this.stop(fresh);
    }
  }

  /** On a platform of its own: no other measurement is to share the machine with an agent of pools. */
  private async poolsOfOurs(): Promise<void> {
    if (!this.isWantedOfOurs('pool')) return;
    this.signal.throwIfAborted();
    this.tell('pools: 100 slots, and slots of 200 MB beside clones from a git daemon; this takes a few minutes');
    try {
      this.book.add('kintsugi', await measurePools(join(this.folder, 'pools'), this.plan, this.signal));
    } catch (error) {
      this.signal.throwIfAborted();
      this.noteFailure('kintsugi', 'pool', 1, error);
    }
  }

  /** Whether it was measured. A system that fails once is not measured further: what comes after a fault says nothing. */
  private async attempt(
    contender: Contender,
    measurement: MeasurementName,
    run: number,
    measure: () => Promise<Readings>,
  ): Promise<boolean> {
    this.signal.throwIfAborted();
    const { name } = contender.system;
    try {
      const readings = await measure();
      this.book.add(name, readings);
      const progress = progressLine(name, measurement, run, this.plan.runs, readings);
      if (progress !== null) this.tell(progress);
      return true;
    } catch (error) {
      this.signal.throwIfAborted();
      this.noteFailure(name, measurement, run, error);
      const place = this.measured.indexOf(contender);
      if (place >= 0) this.measured.splice(place, 1);
      await this.stop(contender);
      return false;
    }
  }

  private noteFailure(system: SystemName, measurement: MeasurementName, run: number, error: unknown): void {
    const reason = messageOf(error);
    this.failedRuns.push({ system, measurement, run, reason });
    this.tell(`${system} failed in ${measurement}, run ${run}: ${reason}`);
  }

  private isWantedOfOurs(measurement: MeasurementName): boolean {
    return this.plan.measurements.includes(measurement) && this.plan.systems.includes('kintsugi');
  }

  private async stop(contender: Contender): Promise<void> {
    const place = this.contenders.indexOf(contender);
    if (place < 0) return;
    await stopContender(contender);
  }

  private async stopAll(): Promise<void> {
    await Promise.allSettled(this.contenders.map(stopContender));
  }

  private results(): BenchResults {
    const started = this.contenders.filter(
      ({ system }, place, all) => all.findIndex((other) => other.system.name === system.name) === place,
    );
    const ledgers = this.contenders.map(({ system, ledger }) => ({ name: system.name, ...ledger }));
    return {
      plan: this.plan,
      startedAt: this.startedAt.toISOString(),
      durationS: Math.round((Date.now() - this.startedAt.getTime()) / 1_000),
      conditions: this.conditions,
      systems: started.map(({ system }) => ({ name: system.name, ...system.about })),
      leftOut: this.leftOut,
      failedRuns: this.failedRuns,
      repeatedRuns: Object.fromEntries(
        started.map(({ system: { name } }) => [
          name,
          ledgers.filter((ledger) => ledger.name === name).reduce((sum, { repeatedRuns }) => sum + repeatedRuns, 0),
        ]),
      ),
      exactRuns: ledgers.reduce((sum, { exactRuns }) => sum + exactRuns, 0),
      figures: this.book.figures(),
      byProcess: Object.fromEntries(
        started.map(({ system: { name } }) => [
          name,
          Object.assign(
            {},
            ...this.contenders.filter(({ system }) => system.name === name).map(({ byProcess }) => byProcess.medians()),
          ),
        ]),
      ),
    };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
