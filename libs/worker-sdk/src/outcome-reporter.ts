import { after, every, soon } from '@kintsugi/boundary';
import {
  AwakeTime,
  subjects,
  type LeaseOutcome,
  type OutcomeReceipt,
  type OutcomeReport,
  type WorkHeader,
} from '@kintsugi/contracts';
import type { Bus, Subscription } from '@kintsugi/messaging';
import type { HeldLease } from './held-lease.js';

/** Reports wait this long for others, unless nothing was reported for as long: then they leave with what ends in the same turn. */
const gatherMs = 2;
/** Of a worker that has much before it: what it would be sent next is there already, and of each lease as much as can is told at once. */
const busyGatherMs = 8;
/** Without a receipt for this long a report is sent again. */
const resendAfterMs = 2_000;
const lookEveryMs = resendAfterMs / 4;
/** A report with this many leases, or bytes as far as they are known, leaves at once: messages and reports have bounds. */
const leasesMax = 512;
const reportBytesMax = 384 * 1024;
/** Bytes of a lease and of a task in a report, apart from results, failures and logs. */
const leaseBytes = 256;
const taskBytes = 64;

interface SentReport {
  body: string;
  /** In time that goes on only while this process is awake: after a pause, the receipt lies in the socket. */
  sentAt: number;
  leases: HeldLease[];
}

/**
 * Tells job-service what is finished, a few times a millisecond at most, and keeps each report until its receipt: a
 * report that gets lost, or meets a job-service that is away, is sent again.
 */
export class OutcomeReporter {
  private readonly dirty = new Set<HeldLease>();
  private readonly sent = new Map<string, SentReport>();
  private readonly inbox: string;
  private subscription: Subscription | null = null;
  private timer: NodeJS.Timeout | null = null;
  private isDue = false;
  private resendTimer: NodeJS.Timeout | null = null;
  private lastSentAt = 0;
  private sequence = 0;
  private bytes = 0;
  private readonly waiting = new AwakeTime(2 * lookEveryMs);
  private empty: { until: number; resolve: () => void }[] = [];
  private stopped = false;

  constructor(
    private readonly bus: Pick<Bus, 'publish' | 'subscribe'>,
    private readonly workerId: string,
    private readonly onReceipt: (leases: HeldLease[], receipt: OutcomeReceipt) => void,
    /** Called once for what each lease tells, whether or not it is sent again. */
    private readonly onReport: (header: WorkHeader, outcome: LeaseOutcome) => void = () => undefined,
  ) {
    this.inbox = `_INBOX.${workerId}`;
  }

  start(): void {
    this.subscription = this.bus.subscribe(`${this.inbox}.*`, (message) => {
      // Where nobody listens the server itself answers, without a body: the report stays and is sent again.
      if (message.data.length > 0) this.receive(message.subject.slice(this.inbox.length + 1), message.json<OutcomeReceipt>());
    });
    this.resendTimer = every('outcome-reporter.resend', lookEveryMs, () => this.look());
  }

  stop(): void {
    this.stopped = true;
    if (this.resendTimer) clearInterval(this.resendTimer);
    if (this.timer) clearTimeout(this.timer);
    this.subscription?.unsubscribe();
  }

  /**
   * A task of the lease is finished.
   * @param bytes of its result, failure and log as JSON
   * @param isBusy whether many others wait for a slot of this worker
   */
  finished(lease: HeldLease, bytes: number, isBusy = false): void {
    if (!this.dirty.has(lease)) this.bytes += leaseBytes;
    this.dirty.add(lease);
    this.bytes += taskBytes + bytes;
    if (this.bytes > reportBytesMax || this.dirty.size >= leasesMax) this.flush();
    else if (!this.isDue) this.schedule(isBusy ? busyGatherMs : gatherMs);
  }

  flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.isDue = false;
    this.bytes = 0;
    if (this.dirty.size === 0 || this.stopped) return;
    const reported = [...this.dirty].filter((lease) => lease.hasReport);
    this.dirty.clear();
    const leases = reported.flatMap((lease) => {
      const outcome = lease.takeReport();
      if (outcome) this.onReport(lease.header, outcome);
      return outcome ?? [];
    });
    const report: OutcomeReport = { v: 1, worker_id: this.workerId, leases };
    for (const lease of reported) lease.unreceipted += 1;
    this.sequence += 1;
    const id = this.sequence.toString(36);
    const entry = { body: JSON.stringify(report), sentAt: this.waiting.now, leases: reported };
    this.sent.set(id, entry);
    this.lastSentAt = performance.now();
    this.bus.publish(subjects.outcomes, entry.body, { reply: `${this.inbox}.${id}` });
  }

  /** Resolves once everything is receipted, or the time is over. */
  async settled(timeoutMs: number): Promise<void> {
    this.flush();
    if (this.sent.size === 0) return;
    await new Promise<void>((resolve) => this.empty.push({ until: this.waiting.now + timeoutMs, resolve }));
  }

  private schedule(gatheringMs: number): void {
    this.isDue = true;
    const wait = gatheringMs - (performance.now() - this.lastSentAt);
    if (wait > 0) this.timer = after('outcome-reporter.flush', wait, () => this.flush());
    else soon('outcome-reporter.flush', () => this.flush());
  }

  private receive(id: string, receipt: OutcomeReceipt): void {
    const entry = this.sent.get(id);
    if (!entry) return;
    this.sent.delete(id);
    for (const lease of entry.leases) lease.unreceipted -= 1;
    this.onReceipt(entry.leases, receipt);
    if (this.sent.size > 0) return;
    const listeners = this.empty;
    this.empty = [];
    for (const { resolve } of listeners) resolve();
  }

  private look(): void {
    const now = this.waiting.pass();
    for (const [id, entry] of this.sent) {
      if (now - entry.sentAt < resendAfterMs) continue;
      entry.sentAt = now;
      this.bus.publish(subjects.outcomes, entry.body, { reply: `${this.inbox}.${id}` });
    }
    for (const { until, resolve } of this.empty) if (now >= until) resolve();
  }
}
