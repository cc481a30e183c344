import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { createEventListener, createWorker, type EventListener, type JobEventName, type Worker } from '@kintsugi/worker-sdk';
import { KINTSUGI_OPTIONS, type KintsugiOptions } from './kintsugi-options.js';
import { JOB_EVENT } from './on-job-event.js';
import { TASK_HANDLER } from './task-handler.js';

type Method = (...given: unknown[]) => unknown;

/** Finds the methods of an app that are marked as handlers, and runs a worker and a listener for them as long as the app lives. */
@Injectable()
export class HandlersOfApp implements OnApplicationBootstrap, OnModuleDestroy {
  readonly running: (Worker | EventListener)[] = [];
  private readonly logger = new Logger('Kintsugi');

  // Each is named: a bundle has no metadata of types.
  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(MetadataScanner) private readonly scanner: MetadataScanner,
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(KINTSUGI_OPTIONS) private readonly options: KintsugiOptions,
  ) {}

  onApplicationBootstrap(): void {
    const log = (line: string): void => this.logger.log(line);
    const worker = createWorker({ ...this.options.worker, log });
    const tasks = [...this.methodsWith(TASK_HANDLER)];
    for (const { mark, call } of tasks) worker.handle(mark as string, call);
    const events = [...this.methodsWith(JOB_EVENT)];
    if (tasks.length > 0) this.run(worker);
    if (events.length > 0) this.run(this.listenerFor(events, log));
  }

  /** Not later: what handlers use is closed on application shutdown, and they come to their end before. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.running.map((one) => one.stop()));
  }

  /** Not waited for: an app answers, and says by its health that Kintsugi is away, while it is. */
  private run(one: Worker | EventListener): void {
    this.running.push(one);
    one.start().catch((error: unknown) => this.logger.error(error));
  }

  private listenerFor(events: { mark: unknown; call: Method }[], log: (line: string) => void): EventListener {
    if (!this.options.events) throw new Error('@OnJobEvent() needs a group: KintsugiModule.forRoot({ events: { group } }).');
    const listener = createEventListener({ ...this.options.events, log });
    for (const { mark, call } of events) listener.on(mark as JobEventName, call);
    return listener;
  }

  private *methodsWith(key: string): Generator<{ mark: unknown; call: Method }> {
    for (const wrapper of [...this.discovery.getProviders(), ...this.discovery.getControllers()]) {
      const { instance, isAlias } = wrapper as { instance: unknown; isAlias: boolean };
      if (isAlias || typeof instance !== 'object' || instance === null) continue;
      const prototype = Object.getPrototypeOf(instance) as Record<string, Method> | null;
      for (const name of this.scanner.getAllMethodNames(prototype)) {
        const method = prototype?.[name];
        const mark = method && this.reflector.get<unknown>(key, method);
        if (mark === undefined) continue;
        if (!wrapper.isDependencyTreeStatic()) {
          throw new Error(
            `${wrapper.name} is made anew for each request, and ${name} belongs to none: move it into a provider that is not.`,
          );
        }
        const holder = instance as Record<string, Method>;
        yield { mark, call: (...given) => holder[name]?.(...given) };
      }
    }
  }
}
