import { decodeWork, subjects, type LeaseOutcome, type WorkerControl, type WorkHeader } from '@kintsugi/contracts';
import { ModelledWorker } from './modelled-worker.js';

type Message = { to: string; body: string } | { to: string; control: WorkerControl } | { report: LeaseOutcome };

const deliveredMax = 8;

interface Ends {
  onSent: (header: WorkHeader, worker: string) => void;
  report: (outcome: LeaseOutcome) => Promise<void>;
}

/** The workers, and what is on its way between them and the service. */
export class ModelledWire {
  readonly workers = ['worker-0', 'worker-1'].map((id) => new ModelledWorker(id));
  private underWay: Message[] = [];
  private readonly delivered: Message[] = [];

  constructor(private readonly ends: Ends) {}

  get isBusy(): boolean {
    return this.workers.some(({ running }) => running.length > 0);
  }

  publish(subject: string, body: string): void {
    for (const { id } of this.workers) {
      if (subject === subjects.control(id)) this.underWay.push({ to: id, control: JSON.parse(body) as WorkerControl });
      if (subject !== subjects.work(id)) continue;
      this.ends.onSent(decodeWork(body).header, id);
      this.underWay.push({ to: id, body });
    }
  }

  /** Whatever message is picked arrives: in any order, or once more. */
  async deliver(pick: number, again: boolean): Promise<void> {
    const from = again ? this.delivered : this.underWay;
    const message = from[pick % Math.max(1, from.length)];
    if (!message) return;
    if (!again) {
      this.underWay = this.underWay.filter((other) => other !== message);
      this.delivered.push(message);
      if (this.delivered.length > deliveredMax) this.delivered.shift();
    }
    if ('report' in message) await this.ends.report(message.report);
    else if ('control' in message) this.workers.find(({ id }) => id === message.to)?.obey(message.control);
    else this.workers.find(({ id }) => id === message.to)?.take(decodeWork(message.body).header);
  }

  async deliverAll(): Promise<void> {
    for (let left = this.underWay.length; left > 0; left -= 1) await this.deliver(0, false);
  }

  /** A message comes, and if it is a report, its worker sends it again until it hears that it is written. */
  async deliverUnheard(pick: number): Promise<void> {
    const message = this.underWay[pick % Math.max(1, this.underWay.length)];
    const delivery = this.deliver(pick, false);
    if (message && 'report' in message) this.underWay.push(message);
    await delivery;
  }

  /** A task comes to its end; what its worker reports of it, where there is one. */
  finish(pick: number, succeeds: boolean): LeaseOutcome | null {
    const running = this.workers.flatMap((worker) => worker.running.map((run) => ({ worker, ...run })));
    const run = running[pick % Math.max(1, running.length)];
    const report = run?.worker.finish(run.key, run.index, succeeds) ?? null;
    if (report) this.underWay.push({ report });
    return report;
  }
}
