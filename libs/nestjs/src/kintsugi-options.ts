import type { ClientOptions } from '@kintsugi/client';
import type { EventListenerOptions, WorkerOptions } from '@kintsugi/worker-sdk';

export const KINTSUGI_OPTIONS = Symbol('kintsugi.options');

/** How an app comes to Kintsugi. What is left out comes from the environment, as it does for the packages below. */
export interface KintsugiOptions {
  /** Where the API is, and the key for it. */
  client?: ClientOptions;
  /** The worker that runs `@TaskHandler` methods. Signals are those of the app: see `enableShutdownHooks()`. */
  worker?: Omit<WorkerOptions, 'handleSignals' | 'log'>;
  /** What `@OnJobEvent` methods listen as; they need a group. */
  events?: Omit<EventListenerOptions, 'handleSignals' | 'log'>;
}
