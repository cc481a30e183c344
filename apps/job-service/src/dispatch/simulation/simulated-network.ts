import type { Bus, Msg, Subscription } from '@kintsugi/messaging';

interface Sent {
  subject: string;
  body: string;
  reply: string | undefined;
}

/** One end of the network, as much of a bus as the parts of job-service use. */
export type SimulatedBus = Bus & { leave(): void };

/**
 * Messages under way. Those from one sender to one receiver arrive in their order, all others when whoever steers the
 * simulation says so; what nobody listens to when it arrives is lost.
 */
export class SimulatedNetwork {
  private readonly lines = new Map<string, Sent[]>();
  private readonly listeners = new Map<string, Map<string, (message: Msg) => void>>();

  /** Lines that have something under way, by sender and receiver. */
  get busyLines(): string[] {
    return [...this.lines].filter(([, line]) => line.length > 0).map(([name]) => name);
  }

  connect(name: string, isUp: () => boolean = () => true): SimulatedBus {
    const subjects = new Map<string, (message: Msg) => void>();
    this.listeners.set(name, subjects);
    const bus = {
      get state() {
        return isUp() ? 'up' : 'down';
      },
      onState: () => undefined,
      publish: (subject: string, body: string | Uint8Array, { reply }: { reply?: string } = {}) =>
        this.send(name, { subject, body: String(body), reply }),
      subscribe: (subject: string, onMessage: (message: Msg) => void): Subscription => {
        subjects.set(subject, onMessage);
        return { unsubscribe: () => subjects.delete(subject) } as unknown as Subscription;
      },
      // Connections are seldom cut: only silence tells of a loss.
      hasListener: () => Promise.resolve(true),
      ask: () => Promise.resolve(),
      leave: () => this.listeners.delete(name),
    };
    return bus as unknown as SimulatedBus;
  }

  /** Hands over the next message of a line. */
  deliver(line: string): void {
    const message = this.lines.get(line)?.shift();
    const [, to = ''] = line.split('>');
    const hear = message && this.listeners.get(to)?.get(message.subject);
    if (message && hear) hear(this.received(to, message));
  }

  /** Loses the next message of a line. */
  lose(line: string): void {
    this.lines.get(line)?.shift();
  }

  private received(by: string, { subject, body, reply }: Sent): Msg {
    const respond = (answer: string): void => {
      if (reply !== undefined) this.send(by, { subject: reply, body: answer, reply: undefined });
    };
    return { subject, json: () => JSON.parse(body) as unknown, string: () => body, reply, respond } as unknown as Msg;
  }

  private send(from: string, message: Sent): void {
    for (const [to, subjects] of this.listeners) {
      if (!subjects.has(message.subject)) continue;
      const name = `${from}>${to}`;
      const line = this.lines.get(name);
      if (line) line.push(message);
      else this.lines.set(name, [message]);
    }
  }
}
