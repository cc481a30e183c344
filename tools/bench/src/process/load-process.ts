import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { spawnLeashed } from '@kintsugi/servers';
import type { LoadSettings, ProducerCalls, ReplyMessage, WorkerCalls, WorkerNotice } from './load-messages.js';

type Listener = (notice: WorkerNotice) => void;

interface Pending {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

const programs = { producer: './producer-main.js', worker: './worker-main.js' } as const;
const startTimeoutMs = 20_000;
const stopTimeoutMs = 5_000;
const outputCharactersMax = 4_000;

/** A producer or worker of a system in a process of its own, so that its CPU time is known by itself. */
export class LoadProcess<Calls extends ProducerCalls | WorkerCalls> {
  private readonly pending = new Map<number, Pending>();
  private readonly listeners = new Set<Listener>();
  private readonly gone: Promise<void>;
  private calls = 0;
  private output = '';
  private ended = false;

  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
  ) {
    child.stderr?.on('data', (data: Buffer) => {
      this.output = (this.output + data.toString()).slice(-outputCharactersMax);
    });
    child.on('message', (message: ReplyMessage | WorkerNotice) => this.take(message));
    child.on('error', (error) => this.end(error.message));
    this.gone = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.end(`ended with ${signal ?? `exit code ${code}`}`);
        resolve();
      });
    });
  }

  static async startProducer(settings: LoadSettings): Promise<LoadProcess<ProducerCalls>> {
    return LoadProcess.start<ProducerCalls>('producer', settings);
  }

  static async startWorker(settings: LoadSettings): Promise<LoadProcess<WorkerCalls>> {
    return LoadProcess.start<WorkerCalls>('worker', settings);
  }

  private static async start<Calls extends ProducerCalls | WorkerCalls>(
    kind: keyof typeof programs,
    settings: LoadSettings,
  ): Promise<LoadProcess<Calls>> {
    const program = fileURLToPath(new URL(programs[kind], import.meta.url));
    const child = spawnLeashed(process.execPath, [program, JSON.stringify(settings)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const started = new LoadProcess<Calls>(`The ${kind} of ${settings.system}`, child);
    if (await started.notice((notice) => notice.kind === 'ready', startTimeoutMs)) return started;
    await started.kill();
    throw started.fault(`was not ready after ${startTimeoutMs} ms`);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  call<Method extends keyof Calls & string>(
    method: Method,
    order: Calls[Method] extends (order: infer Order) => unknown ? Order : never,
  ): Promise<Calls[Method] extends (order: never) => infer Result ? Result : never> {
    this.calls += 1;
    const call = this.calls;
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(this.fault('has ended'));
      this.pending.set(call, { resolve: resolve as (result: unknown) => void, reject });
      this.child.send({ call, method, order }, (error) => {
        if (error) this.settle(call, ({ reject: refuse }) => refuse(error));
      });
    });
  }

  onNotice(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Whether a notice came in time that is looked for; rejects when the process ends before. */
  notice(isWanted: (notice: WorkerNotice) => boolean, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => settle(() => resolve(false)), timeoutMs);
      const forget = this.onNotice((notice) => {
        if (isWanted(notice)) settle(() => resolve(true));
      });
      const settle = (how: () => void): void => {
        clearTimeout(patience);
        forget();
        how();
      };
      void this.gone.then(() => settle(() => reject(this.fault('has ended'))));
    });
  }

  /** Lets it close its connections, then ends it. */
  async stop(): Promise<void> {
    if (this.ended) return;
    const killer = setTimeout(() => this.child.kill('SIGKILL'), stopTimeoutMs);
    await (this as unknown as LoadProcess<ProducerCalls>).call('close', {}).catch(() => undefined);
    if (this.child.connected) this.child.disconnect();
    await this.gone;
    clearTimeout(killer);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.gone;
  }

  private take(message: ReplyMessage | WorkerNotice): void {
    if (!('reply' in message)) {
      for (const listener of this.listeners) listener(message);
    } else if ('error' in message) {
      this.settle(message.reply, ({ reject }) => reject(this.fault(`failed: ${message.error}`)));
    } else {
      this.settle(message.reply, ({ resolve }) => resolve(message.result));
    }
  }

  private settle(call: number, how: (pending: Pending) => void): void {
    const pending = this.pending.get(call);
    this.pending.delete(call);
    if (pending) how(pending);
  }

  private end(reason: string): void {
    this.ended = true;
    for (const call of [...this.pending.keys()]) this.settle(call, ({ reject }) => reject(this.fault(reason)));
  }

  private fault(what: string): Error {
    return new Error([`${this.name} ${what}.`, this.output.trim()].filter(Boolean).join('\n'));
  }
}
