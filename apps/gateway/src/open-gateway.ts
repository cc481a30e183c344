import 'reflect-metadata';
import { limits } from '@kintsugi/contracts';
import { OpsPort, SelfReport, Turns, answerFleet, faultLog, natsLoginOf, requireMessageBytes } from '@kintsugi/hosting';
import { Bus } from '@kintsugi/messaging';
import { Health, Metrics, type Logger } from '@kintsugi/observability';
import type { EventsOptions } from './events/events.module.js';
import type { GatewaySettings } from './gateway.config.js';
import { GatewayModule } from './gateway.module.js';
import { Closing } from './http/closing.js';
import { RequestBodies } from './http/request-bodies.js';
import { TaskReading } from './http/task-reading.js';
import type { Route } from './http/route-table.js';
import { serve } from './http/serve.js';
import { KeyDirectory } from './keys/key-directory.js';
import type { OpenedKeys } from './keys/opened-keys.js';
import { TaskChecker } from './operations/checking/task-checker.js';
import { RateLimit } from './rates/http/rate-limit.js';
import { MeteredShares } from './shares/metered-shares.js';
import { UploadSlots } from './uploads/commands/upload-slots.js';

export interface Gateway {
  url: string;
  /** `host:port` at which it answers for itself. */
  ops: string | null;
  bus: Bus;
  /** All that it answers. */
  routes: readonly Route[];
  close(): Promise<void>;
}

const service = 'gateway';
const headersTimeoutMsMax = 10_000;
/** What all JSON bodies under way may hold together; their texts fit into the memory that a gateway is given. */
const jsonBytesMax = 64 * 1024 ** 2;

export interface GatewayMeans {
  metrics?: Metrics;
  /** Where the keys are, while any are asked for. */
  openKeys?: (settings: GatewaySettings, logger: Logger) => Promise<OpenedKeys>;
}

/**
 * Opens the ops port, then NATS and the database of keys, and the door last. Closing goes the other way, and what runs gets a
 * moment to finish.
 */
export async function openGateway(settings: GatewaySettings, logger: Logger, means: GatewayMeans = {}): Promise<Gateway> {
  const { metrics = new Metrics(service), openKeys = openKeysOfDatabase } = means;
  const onFault = faultLog(logger);
  const onBackgroundFault = (error: unknown): void => logger.warn({ error }, 'Fault in the background');
  const asksForKeys = settings.AUTH === 'on';
  if (!asksForKeys) logger.warn({ host: settings.API_HOST }, 'AUTH is off: whoever is on this machine may do everything');
  const health = new Health(service);
  const self = new SelfReport({ service, instance: settings.INSTANCE_ID }, metrics, health);
  let connected: Bus | undefined;
  health.add('nats', () => {
    if (connected?.state !== 'up') throw new Error('not connected');
  });
  let opened: OpenedKeys | undefined;
  if (asksForKeys) health.add('mongo', () => (opened ? opened.ping() : Promise.reject(new Error('not connected'))));
  const ops = await OpsPort.open({ settings, self, logger, onFault });
  const closeOnFault = async (error: unknown): Promise<never> => {
    await connected?.close();
    await ops.close();
    throw error;
  };
  const bus = (connected = await connect(settings).catch(closeOnFault));
  if (asksForKeys) opened = await openKeys(settings, logger).catch(closeOnFault);
  const keys = opened && new KeyDirectory(opened.source, onBackgroundFault);
  answerFleet(bus, { self, opsAddress: () => ops.address(bus.ownAddress), onFault });
  const closing = new Closing();
  const turns = new Turns();
  const taskChecker = new TaskChecker();
  const module = GatewayModule.with({
    bus,
    metrics,
    bodies: bodiesOf(settings, closing.signal, turns),
    taskReading: new TaskReading(turns, settings.INEXACT_NUMBERS),
    taskChecker,
    uploadSlots: new UploadSlots(new MeteredShares('upload', settings.MAX_UPLOADS, metrics)),
    keyLookup: keys ? (key) => keys.callerOf(key) : null,
    rateLimit: new RateLimit(settings.RATE_LIMIT_PER_SECOND),
    allowedOrigins: settings.ALLOWED_ORIGINS,
    events: eventsOf(settings, metrics, onBackgroundFault),
    self,
  });
  const served = await serve(module, {
    host: settings.API_HOST,
    port: settings.API_PORT,
    headersTimeoutMs: Math.min(settings.REQUEST_TIMEOUT_MS, headersTimeoutMsMax),
    requestTimeoutMs: settings.UPLOAD_TIMEOUT_MS,
    closing,
    metrics,
    logger,
    onFault,
  });
  health.started();
  return {
    url: served.url,
    ops: ops.address(bus.ownAddress),
    bus,
    routes: served.routes,
    async close() {
      health.stopping();
      await served.close();
      await taskChecker.close();
      await opened?.close();
      await bus.close();
      await ops.close();
    },
  };
}

async function connect(settings: GatewaySettings): Promise<Bus> {
  const bus = await Bus.connect({
    servers: settings.NATS_URL,
    name: service,
    login: natsLoginOf(settings),
    streamReplicas: settings.NATS_REPLICAS,
  });
  try {
    requireMessageBytes(bus, { bytes: limits.messageBytes, of: 'a message between services' });
    return bus;
  } catch (error) {
    await bus.close();
    throw error;
  }
}

/** Loaded only where keys are asked for: a gateway without them knows no database. */
async function openKeysOfDatabase(settings: GatewaySettings, logger: Logger): Promise<OpenedKeys> {
  return (await import('./keys/mongo/open-keys.js')).openKeys(settings, logger);
}

function eventsOf(settings: GatewaySettings, metrics: Metrics, onFault: (error: unknown) => void): EventsOptions {
  return {
    shares: new MeteredShares('event_stream', settings.MAX_EVENT_CLIENTS, metrics),
    heartbeatIntervalMs: settings.EVENT_HEARTBEAT_MS,
    stallTimeoutMs: settings.EVENT_STALL_TIMEOUT_MS,
    onFault,
  };
}

function bodiesOf(settings: GatewaySettings, signal: AbortSignal, turns: Turns): RequestBodies {
  const bounds = {
    json: {
      bytesMax: settings.BODY_LIMIT_BYTES,
      idleTimeoutMs: settings.REQUEST_TIMEOUT_MS,
      bytesPerSecondMin: settings.BODY_BYTES_PER_SECOND_MIN,
      totalTimeoutMs: settings.REQUEST_TIMEOUT_MS,
      signal,
    },
    ndjson: {
      bytesMax: settings.UPLOAD_LIMIT_BYTES,
      idleTimeoutMs: settings.UPLOAD_IDLE_TIMEOUT_MS,
      bytesPerSecondMin: settings.BODY_BYTES_PER_SECOND_MIN,
      totalTimeoutMs: settings.UPLOAD_TIMEOUT_MS,
      signal,
    },
  };
  return new RequestBodies(bounds, Math.max(jsonBytesMax, settings.BODY_LIMIT_BYTES), turns);
}
