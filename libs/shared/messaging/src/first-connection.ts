import { after } from '@kintsugi/boundary';
import { connect, type NodeConnectionOptions } from '@nats-io/transport-node';
import { AuthorizationError, InvalidArgumentError, type NatsConnection } from '@nats-io/nats-core';
import { useQuickEncoding } from './quick-encoding.js';

const retryAfterMs = 250;

export interface FirstConnectionOptions {
  /** Gives it up: what comes of it is then the signal's reason. */
  signal?: AbortSignal;
  /** Told of each vain attempt. */
  onUnreachable?: (error: unknown) => void;
}

/** Waits for the first connection as long as it takes; credentials refused twice in a row are an error. */
export async function firstConnection(
  settings: NodeConnectionOptions,
  { signal, onUnreachable }: FirstConnectionOptions,
): Promise<NatsConnection> {
  useQuickEncoding();
  for (let refused = false; ;) {
    signal?.throwIfAborted();
    try {
      const connection = await connect(settings);
      if (!signal?.aborted) return connection;
      await connection.close();
    } catch (error) {
      if (error instanceof InvalidArgumentError || error instanceof TypeError) throw error;
      const refusal = error instanceof AuthorizationError;
      if (refusal && refused) throw error;
      refused = refusal;
      onUnreachable?.(error);
    }
    await pause(retryAfterMs, signal);
  }
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = after('bus.connect', milliseconds, done);
    signal?.addEventListener('abort', done);
    if (signal?.aborted) done();
  });
}
