import { Injectable } from '@nestjs/common';
import { after, inBackground } from '@kintsugi/boundary';
import { tenantOf, type Actor, type AuditPart } from '@kintsugi/contracts';
import { AuditLog } from '@kintsugi/persistence/audit';
import type { MadeBy } from '../tasks/domain/made-by.js';
import { CreatedJobRecords } from './mongo/created-job-records.js';

/** Between two entries: what came in meanwhile is one. */
const pauseMs = 250;
/** Ids that one entry names at most. */
const namedMax = 2_000;

interface Made {
  actor: Actor;
  subjects: string[];
}

/**
 * Tells the audit of jobs that came in: all of a quarter of a second in one entry. Who made a job stands in its record, written
 * with it in one write; so what a crash has kept from the chain is read from there at the next start.
 */
@Injectable()
export class CreatedJobs {
  private made: Made[] = [];
  private running: Promise<void> | null = null;
  private stopping = false;
  private wake: (() => void) | null = null;

  constructor(
    private readonly audit: AuditLog,
    private readonly records: CreatedJobRecords,
  ) {}

  /** Links what was made before and stands in no entry, before anything else is made. */
  async start(): Promise<void> {
    for (const { id, madeBy } of await this.records.untold()) {
      for (const { actor, places } of madeBy) this.note(actor, places === null ? [id] : subjectsOf(id, places));
    }
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.wake?.();
    await this.running;
  }

  noteBundle(chunkId: string, madeBy: readonly MadeBy[]): void {
    for (const { actor, places } of madeBy) this.note(actor, subjectsOf(`job_${chunkId.slice(0, 36)}`, places));
  }

  noteJob(jobId: string, actor: Actor): void {
    this.note(actor, [jobId]);
  }

  private note(actor: Actor, subjects: string[]): void {
    this.made.push({ actor, subjects });
    if (this.running) return;
    this.running = this.tell();
    inBackground('created-jobs', () => this.running);
  }

  private async tell(): Promise<void> {
    try {
      while (this.made.length > 0) {
        await this.audit.appendSurely({
          ...{ phase: 'created', call: null, action: 'createJob', by: this.take() },
          ...{ given: null, before: null, after: null, problem: null },
        });
        // What did not fit is told at once: jobs may come in faster than one entry in each pause holds.
        if (!this.stopping && this.made.length === 0) await this.pause();
      }
    } finally {
      this.running = null;
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = after('created-jobs.pause', pauseMs, resolve);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** What fits into one entry, by who made it. */
  private take(): AuditPart[] {
    let named = 0;
    const parts = new Map<Actor, string[]>();
    const fitting = this.made.findIndex(({ subjects }, index) => (named += subjects.length) > namedMax && index > 0);
    for (const { actor, subjects } of this.made.splice(0, fitting < 0 ? this.made.length : fitting)) {
      const own = parts.get(actor);
      if (own) own.push(...subjects);
      else parts.set(actor, [...subjects]);
    }
    return [...parts].map(([actor, subjects]) => ({ actor, tenant: tenantOf(actor), request_id: null, subjects }));
  }
}

function subjectsOf(bundle: string, places: readonly string[]): string[] {
  return places.map((place) => `${bundle}.${place}`);
}
