import 'reflect-metadata';
import type { DynamicModule, INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { limits, withoutSecrets } from '@kintsugi/contracts';
import { Bus, ContractPipe, type FaultListener } from '@kintsugi/messaging';
import { Health, Metrics, NestLogger, createLogger, type Logger } from '@kintsugi/observability';
import { SchemaError, Store, requireSchema, type DatabaseSchema } from '@kintsugi/persistence';
import { answerFleet } from './answer-fleet.js';
import { faultLog, logEscapedFaults } from './fault-log.js';
import { guardProcess } from './guard-process.js';
import { OpsPort } from './http/ops-port.js';
import { natsLoginOf } from './nats-login-of.js';
import { NatsStrategy } from './nats-strategy.js';
import { ProblemFilter } from './problem-filter.js';
import { requireMessageBytes } from './require-message-bytes.js';
import { SelfReport } from './self-report.js';
import { EXIT_CONFIG, SettingsError, readSettings, type Settings, type SettingsShape } from './settings.js';
import { sharedSettings, storeSettings } from './shared-settings.js';
import { onShutdown } from './shutdown.js';

type CommonSettings = Settings<typeof sharedSettings> & Settings<typeof storeSettings>;

/** What a service is given to live on. */
export interface ServiceContext<Shape extends SettingsShape> {
  settings: CommonSettings & Settings<Shape>;
  bus: Bus;
  store: Store;
  metrics: Metrics;
  health: Health;
  logger: Logger;
  onFault: FaultListener;
}

export interface ServiceDefinition<Shape extends SettingsShape> {
  /** Name of the app, such as `job-service`. */
  name: string;
  schema: DatabaseSchema;
  settings: Shape;
  module: (context: ServiceContext<Shape>) => DynamicModule;
}

/**
 * The life of a service without an API: settings, log, ops port, NATS, MongoDB, Nest, and an orderly end on SIGTERM, SIGINT or
 * the end of its supervisor. Settings that cannot be used, and a database of another version, end the process with 78.
 */
export async function runService<Shape extends SettingsShape>(definition: ServiceDefinition<Shape>): Promise<void> {
  const shape = { ...sharedSettings, ...storeSettings, ...definition.settings };
  const settings = readOrExit<SettingsShape>(shape) as CommonSettings & Settings<Shape>;
  const login = orExit(() => natsLoginOf(settings));
  const metrics = new Metrics(definition.name);
  const logger = createLogger(definition.name, settings.LOG_LEVEL, () => metrics.count('kintsugi_log_lines_lost_total'));
  const health = new Health(definition.name);
  const self = new SelfReport({ service: definition.name, instance: settings.INSTANCE_ID }, metrics, health);
  let app: INestMicroservice | undefined;
  let bus: Bus | undefined;
  let store: Store | undefined;
  logEscapedFaults(logger, metrics);
  guardProcess(logger, () => bus);
  const onFault = faultLog(logger);
  health.add('nats', () => {
    if (bus?.state !== 'up') throw new Error('not connected');
  });
  health.add('mongo', async () => {
    if (!store) throw new Error('not connected');
    await store.ping();
  });
  // Before what it tells of: a service that waits for a server which is away says so here.
  const ops = await OpsPort.open({ settings, self, logger, onFault }).catch(exitOnSettings);
  onShutdown({ leashed: settings.KINTSUGI_LEASHED === '1', logger }, async () => {
    health.stopping();
    await app?.close();
    await bus?.close();
    await store?.close();
    await ops.close();
  });
  bus = await Bus.connect({
    servers: settings.NATS_URL,
    name: definition.name,
    login,
    streamReplicas: settings.NATS_REPLICAS,
  });
  const connected = bus;
  orExit(() => requireMessageBytes(connected, { bytes: limits.messageBytes, of: 'a message between services' }));
  store = await Store.connect(
    {
      url: settings.MONGO_URL,
      database: `${settings.DATABASE_PREFIX}_${definition.schema.database}`,
      applicationName: definition.name,
    },
    (reason) => logger.warn({ reason }, 'Waiting for the database'),
  );
  // Who holds the leash migrates while its services start, and tells what is wrong.
  const onOther = ({ message }: SchemaError): void =>
    logger.warn({ reason: message }, 'Waiting for the migration of the database');
  await requireSchema(store, definition.schema, settings.KINTSUGI_LEASHED === '1' ? onOther : undefined).catch(exitOverSchema);
  answerFleet(bus, { self, opsAddress: () => ops.address(connected.ownAddress), onFault });
  const context = { settings, bus, store, metrics, health, logger, onFault };
  app = await NestFactory.createMicroservice<MicroserviceOptions>(definition.module(context), {
    logger: new NestLogger(logger),
    strategy: new NatsStrategy({ bus, queue: definition.name, onFault }),
  });
  app.useGlobalPipes(new ContractPipe('data'));
  app.useGlobalFilters(new ProblemFilter());
  await app.listen();
  health.started();
  logger.info('Ready');
}

/** The settings, or the end of the process with every fault named. */
export function readOrExit<Shape extends SettingsShape>(shape: Shape): Settings<Shape> {
  return orExit(() => readSettings(shape));
}

/** A database that this program does not know is left as it is. */
function exitOverSchema(error: unknown): never {
  if (!(error instanceof SchemaError)) throw error;
  process.stderr.write(`${error.message}\n${error.advice}\n`);
  process.exit(EXIT_CONFIG);
}

function orExit<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    return exitOnSettings(error);
  }
}

function exitOnSettings(error: unknown): never {
  if (!(error instanceof SettingsError)) throw error;
  process.stderr.write(`${withoutSecrets(error.message)}\n`);
  process.exit(EXIT_CONFIG);
}
