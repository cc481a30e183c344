import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call of a task at the receiver. */
export interface Delivery {
  run_key: string;
  attempt: number;
  pid: number;
  task_id: string;
  payload: unknown;
  at: number;
}

/** What the receiver has a call do: wait, fail so that it is retried, fail for good, or kill its worker. */
export interface Verdict {
  wait_ms?: number;
  fail?: string;
  fatal?: string;
  kill?: boolean;
}

/** A receiver outside the platform. It notes every call, so that effects are counted where nobody can embellish them. */
export class Sink {
  readonly deliveries: Delivery[] = [];
  private readonly server: Server;
  verdict: (delivery: Delivery) => Verdict = () => ({});

  constructor() {
    this.server = createServer((request, response) => {
      void read(request).then((body) => {
        const delivery = { ...(JSON.parse(body) as Delivery), at: Date.now() };
        this.deliveries.push(delivery);
        response.end(JSON.stringify(this.verdict(delivery)));
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Effects by run key: a receiver that honours it acts once a key. */
  get effects(): Set<string> {
    return new Set(this.deliveries.map(({ run_key: key }) => key));
  }

  /** Calls of one task, in the order in which they came. */
  callsOf(taskId: string): Delivery[] {
    return this.deliveries.filter(({ task_id: id }) => id === taskId);
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
