import { setTracing } from './tracing.js';

export const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

export interface TracingOptions {
  /** Where spans go, by OTLP over HTTP: the base, to which `/v1/traces` is added. Without one there are no traces. */
  endpoint: string | undefined;
  /** The same for spans alone, as it is. */
  tracesEndpoint: string | undefined;
  isDisabled: boolean;
  sampler: (typeof samplers)[number];
  /** Share of the traces that begin here, from 0 to 1. */
  ratio: number;
  exportEveryMs: number;
  /** Hears, once a minute, why spans are lost. */
  onTrouble: (why: string) => void;
  /** Of the process, as its spans tell them. */
  resource: Record<string, string>;
}

/** Ends the traces of a process, once what is told of them so far is out. */
export type StopTracing = () => Promise<void>;

const nothingToStop: StopTracing = () => Promise.resolve();
let started: { stop: StopTracing; users: number } | null = null;

/** Turns traces on in this process, where there is somewhere to send them. Nothing of the SDK is loaded otherwise. */
export async function startTracing(options: TracingOptions): Promise<StopTracing> {
  const url = urlOf(options);
  if (url === null) return nothingToStop;
  // Services of one process, as in tests, have one SDK between them.
  if (!started) {
    const { openSdk } = await import('./sdk.js');
    const { tracing, stop } = openSdk(url, options);
    setTracing(tracing);
    started = { stop, users: 0 };
  }
  const own = started;
  own.users += 1;
  return async () => {
    own.users -= 1;
    if (own.users > 0) return;
    setTracing(null);
    started = null;
    await own.stop();
  };
}

function urlOf({ endpoint, tracesEndpoint, isDisabled }: TracingOptions): string | null {
  if (isDisabled) return null;
  if (tracesEndpoint) return tracesEndpoint;
  return endpoint ? `${endpoint.replace(/\/+$/, '')}/v1/traces` : null;
}
