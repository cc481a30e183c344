import { after, giveBack, inBackground } from '@kintsugi/boundary';
import { logIdOf, runsPerBatch, subjects, type LogBatch, type LogPart, type LogReceipt } from '@kintsugi/contracts';
import type { Bus, Subscription } from '@kintsugi/messaging';
import { bundleOverhead } from './line-bundle.js';
import { LinePacker } from './line-packer.js';
import type { SecretMask } from './secret-mask.js';
import { TaskLog, type LoggedRun, type TakenLines } from './task-log.js';

/** Lines wait this long for others. */
const gatherMs = 40;
const resendAfterMs = 2_000;
/**
 * Bytes of one message, which has to stay below 1 MiB, with one bundle more. The fewer there are, the less it takes to store them: each is stored
 * by several writes.
 */
const batchBytes = 832 * 1024;
/** Of one run, while others wait as well. */
const shareBytes = 192 * 1024;
/** What the head of a message says of one run, at most. */
const headBytes = 220;
/** Bytes of all runs that may wait to be sent. */
const heldMax = 4 * 1024 * 1024;
const fullMax = 1_000;

type LogBus = Pick<Bus, 'publish' | 'subscribe' | 'close'>;

interface Sent {
  batch: LogBatch;
  body: Buffer;
}

interface NextBatch {
  batch: LogBatch;
  /** The lines of each part. */
  bodies: Uint8Array[][];
}

/**
 * Sends the log lines of all runs, one message at a time, over a connection of its own, which is made with the first line:
 * a flood of lines delays neither outcomes nor beats. A message is kept and sent again until it is receipted.
 */
export class LogSender {
  /** Times of lines count from here. */
  readonly baseMs = Date.now();
  /** Bytes that wait to be sent. */
  held = 0;
  /** In so many bundles. */
  heldBundles = 0;
  /** Lines that were dropped since the last message. */
  dropped = 0;
  /** Whether who takes them has said that it knows lines in groups and packed parts. */
  isCompact = false;
  private readonly packer = new LinePacker();
  private readonly waiting = new Set<TaskLog>();
  private readonly full = new Set<string>();
  private readonly inbox: string;
  private bus: LogBus | null = null;
  private connecting = false;
  private subscription: Subscription | null = null;
  private sent: Sent | null = null;
  /** The next message, made while one is under way where there is enough for it. */
  private prepared: Sent | null = null;
  private preparing = false;
  private sequence = 0;
  private timer: NodeJS.Timeout | null = null;
  private resendTimer: NodeJS.Timeout | null = null;
  private settling: (() => void)[] = [];
  private closed = false;

  constructor(
    private readonly connect: () => Promise<LogBus>,
    private readonly workerId: string,
  ) {
    this.inbox = `_INBOX.${workerId}.logs`;
  }

  open(run: LoggedRun, mask: () => SecretMask): TaskLog {
    return new TaskLog(run, this, mask);
  }

  get hasRoom(): boolean {
    return this.held + this.heldBundles * bundleOverhead < heldMax;
  }

  /** Whether no more lines of a job are wanted. */
  isFull(jobId: string): boolean {
    return this.full.size > 0 && this.full.has(jobId);
  }

  /** A run has lines to send. */
  note(log: TaskLog): void {
    this.waiting.add(log);
    if (this.sent) this.prepareAhead();
    else this.gather();
  }

  /** Resolves once all that was written is receipted, or the time is over. */
  async settled(timeoutMs: number): Promise<void> {
    if (this.waiting.size === 0 && !this.isBusy) return;
    this.flush();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.settling.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    if (this.resendTimer) clearTimeout(this.resendTimer);
    this.subscription?.unsubscribe();
    await this.packer.close();
    await this.bus?.close();
  }

  private get isBusy(): boolean {
    return this.sent !== null || this.prepared !== null || this.preparing;
  }

  private gather(): void {
    if (!this.closed && !this.isBusy) this.timer ??= after('log-sender.flush', gatherMs, () => this.flush());
  }

  private flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.closed || this.isBusy) return;
    if (!this.bus) return this.startConnection();
    this.prepare();
  }

  private prepareAhead(): void {
    if (this.held >= batchBytes && !this.preparing && !this.prepared && !this.closed) this.prepare();
  }

  private prepare(): void {
    const next = this.nextBatch();
    if (!next) return this.tellSettled();
    this.preparing = true;
    inBackground('log-sender.prepare', async () => {
      const body = await this.bodyOf(next);
      this.preparing = false;
      this.prepared = { batch: next.batch, body };
      this.sendPrepared();
    });
  }

  private sendPrepared(): void {
    const { bus, prepared } = this;
    if (this.closed || this.sent || !bus || !prepared) return;
    this.prepared = null;
    this.sent = prepared;
    this.send(bus, prepared);
    this.prepareAhead();
  }

  /** The parts of a message as it is sent, which notes in its head which of them are packed. */
  private async bodyOf({ batch, bodies }: NextBatch): Promise<Buffer> {
    if (!this.isCompact) return joined(bodies.flat());
    const pieces: Uint8Array[] = [];
    for (const [at, part] of batch.parts.entries()) {
      const lines = bodies[at] ?? [];
      const packed = await this.packer.pack(lines);
      if (packed) {
        part.packed = packed.length;
        for (const piece of lines) giveBack(piece);
      }
      pieces.push(...(packed ? [packed] : lines));
    }
    return joined(pieces);
  }

  private startConnection(): void {
    if (this.connecting) return;
    this.connecting = true;
    inBackground('log-sender.connect', async () => {
      const bus = await this.connect();
      this.bus = bus;
      if (this.closed) return bus.close();
      this.subscription = bus.subscribe(`${this.inbox}.*`, (message) => {
        // Where nobody listens the server itself answers, without a body: the message is sent again later.
        if (message.data.length === 0 || !message.subject.endsWith(`.${this.sent?.batch.sequence}`)) return;
        this.receipted(message.json<LogReceipt>());
      });
      this.flush();
    });
  }

  private send(bus: LogBus, { batch, body }: Sent): void {
    const head = Buffer.from(`${JSON.stringify(batch)}\n`);
    bus.publish(subjects.taskLogs, Buffer.concat([head, body]), { reply: `${this.inbox}.${batch.sequence}` });
    this.resendTimer = after('log-sender.resend', resendAfterMs, () => {
      if (!this.sent || this.closed) return;
      this.sent.batch.again = true;
      this.send(bus, this.sent);
    });
  }

  private receipted({ full = [], compact }: LogReceipt): void {
    this.isCompact = compact === true;
    if (this.resendTimer) clearTimeout(this.resendTimer);
    if (this.sent) giveBack(this.sent.body);
    this.sent = null;
    for (const jobId of full) {
      this.full.add(jobId);
      if (this.full.size > fullMax) this.full.delete(this.full.values().next().value as string);
    }
    const mayGather = this.waiting.size > 0 && this.held < batchBytes && this.settling.length === 0;
    if (this.prepared) this.sendPrepared();
    else if (mayGather) this.gather();
    else this.flush();
  }

  private tellSettled(): void {
    for (const resolve of this.settling.splice(0)) resolve();
  }

  /** The runs take turns, so that one that floods does not keep the lines of the others waiting. */
  private nextBatch(): NextBatch | null {
    const parts = new Map<string, { log: TaskLog; taken: TakenLines }[]>();
    let room = batchBytes;
    let runs = 0;
    for (const log of this.waiting) {
      if (room <= 0 || runs >= runsPerBatch) break;
      this.waiting.delete(log);
      const taken = log.take(this.waiting.size > 0 ? Math.min(room, shareBytes) : room);
      if (log.hasPending) this.waiting.add(log);
      if (!taken) continue;
      room -= taken.bytes + headBytes;
      runs += 1;
      const id = logIdOf(log.run.jobId);
      const entries = parts.get(id);
      if (entries) entries.push({ log, taken });
      else parts.set(id, [{ log, taken }]);
    }
    if (parts.size === 0) return null;
    this.sequence += 1;
    const batch: LogBatch = {
      v: 1,
      worker_id: this.workerId,
      sequence: this.sequence,
      again: false,
      dropped: this.dropped,
      parts: [...parts].map(([id, entries]) => this.partOf(id, entries)),
    };
    this.dropped = 0;
    return { batch, bodies: [...parts.values()].map((entries) => entries.flatMap(({ taken }) => taken.pieces)) };
  }

  private partOf(log: string, entries: { log: TaskLog; taken: TakenLines }[]): LogPart {
    return {
      log,
      bundled: entries.some((entry) => entry.log.run.jobId.includes('.')),
      base_ms: this.baseMs,
      first_ms: Math.min(...entries.map(({ taken }) => taken.firstMs)),
      last_ms: Math.max(...entries.map(({ taken }) => taken.lastMs)),
      runs: entries.map(({ taken }) => taken.run),
    };
  }
}

/** Pieces that nobody looks at any more, side by side. */
function joined(pieces: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(pieces);
  for (const piece of pieces) giveBack(piece);
  return body;
}
