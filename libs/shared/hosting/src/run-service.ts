import 'reflect-metadata';
import { gzipSync } from 'node:zlib';
import type { DynamicModule, INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { limits, subjects, withoutSecrets } from '@kintsugi/contracts';
import { Bus, ContractPipe, respond, type FaultListener } from '@kintsugi/messaging';
import { Health, Metrics, NestLogger, createLogger, type Logger } from '@kintsugi/observability';
import { Store } from '@kintsugi/persistence';
import { faultLog, logEscapedFaults } from './fault-log.js';
import { guardProcess } from './guard-process.js';
import { NatsStrategy } from './nats-strategy.js';
import { ProblemFilter } from './problem-filter.js';
import { requireMessageBytes } from './require-message-bytes.js';
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
  /** Suffix of its database, such as `jobs`. */
  database: string;
  settings: Shape;
  module: (context: ServiceContext<Shape>) => DynamicModule;
}

/**
 * The life of a service without HTTP: settings, log, NATS, MongoDB, Nest, and an orderly end on SIGTERM, SIGINT or
 * the end of its supervisor. Settings that cannot be used end the process with 78 before anything is opened.
 */
export async function runService<Shape extends SettingsShape>(definition: ServiceDefinition<Shape>): Promise<void> {
  const shape = { ...sharedSettings, ...storeSettings, ...definition.settings };
  const settings = readOrExit<SettingsShape>(shape) as CommonSettings & Settings<Shape>;
  const metrics = new Metrics(definition.name);
  const logger = createLogger(definition.name, settings.LOG_LEVEL, () => metrics.count('kintsugi_log_lines_lost_total'));
  const health = new Health(definition.name);
  let app: INestMicroservice | undefined;
  let bus: Bus | undefined;
  let store: Store | undefined;
  logEscapedFaults(logger, metrics);
  guardProcess(logger, () => bus);
  onShutdown({ leashed: settings.KINTSUGI_LEASHED === '1', logger }, async () => {
    await app?.close();
    await bus?.close();
    await store?.close();
  });
  bus = await Bus.connect({
    servers: settings.NATS_URL,
    name: definition.name,
    ...(settings.NATS_TOKEN ? { token: settings.NATS_TOKEN } : {}),
    streamReplicas: settings.NATS_REPLICAS,
  });
  const connected = bus;
  orExit(() => requireMessageBytes(connected, { bytes: limits.messageBytes, of: 'a message between services' }));
  store = await Store.connect(
    { url: settings.MONGO_URL, database: `${settings.DATABASE_PREFIX}_${definition.database}`, applicationName: definition.name },
    (reason) => logger.warn({ reason }, 'Waiting for the database'),
  );
  const onFault = faultLog(logger);
  health.add('nats', () => {
    if (bus?.state !== 'up') throw new Error('not connected');
  });
  health.add('mongo', () => store?.ping());
  let started = false;
  health.add('service', () => {
    if (!started) throw new Error('starting');
  });
  answerFleet(bus, { service: definition.name, instance: settings.INSTANCE_ID, metrics, health, onFault });
  const context = { settings, bus, store, metrics, health, logger, onFault };
  app = await NestFactory.createMicroservice<MicroserviceOptions>(definition.module(context), {
    logger: new NestLogger(logger),
    strategy: new NatsStrategy({ bus, queue: definition.name, onFault }),
  });
  app.useGlobalPipes(new ContractPipe('data'));
  app.useGlobalFilters(new ProblemFilter());
  await app.listen();
  started = true;
  logger.info('Ready');
}

export interface FleetMember {
  service: string;
  instance: string;
  metrics: Metrics;
  health: Health;
  onFault: FaultListener;
}

/**
 * Answers the two questions that are put to every process: its figures and its health. Figures are compressed: those of
 * a hundred job types are a mebibyte of text, which says the same names over and over.
 */
export function answerFleet(bus: Bus, { service, instance, metrics, health, onFault }: FleetMember): void {
  const asText = (text: string): string | Uint8Array => text;
  const answer = (subject: string, give: () => Promise<object>, encode = asText): void => {
    bus.subscribe(subject, (message) => {
      give()
        .then((given) => respond(message, encode(JSON.stringify({ ...given, service, instance }))))
        .catch((error: unknown) => onFault(error, { subject, requestId: undefined }));
    });
  };
  answer(subjects.figures, async () => ({ families: await metrics.registry.getMetricsAsJSON() }), gzipSync);
  answer(subjects.health, () => health.report());
}

/** The settings, or the end of the process with every fault named. */
export function readOrExit<Shape extends SettingsShape>(shape: Shape): Settings<Shape> {
  return orExit(() => readSettings(shape));
}

function orExit<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${withoutSecrets(error.message)}\n`);
    process.exit(EXIT_CONFIG);
  }
}
