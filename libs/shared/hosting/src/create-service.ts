import 'reflect-metadata';
import type { DynamicModule, INestApplication, INestApplicationContext, Provider, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { limits } from '@kintsugi/contracts';
import { Bus, ContractPipe, type FaultListener, type NatsLogin } from '@kintsugi/messaging';
import { Health, Metrics, NestLogger, createLogger, type Logger } from '@kintsugi/observability';
import { Store, requireSchema, type DatabaseSchema } from '@kintsugi/persistence';
import { Acts } from './acts.js';
import { AuditElsewhere } from './audit/audit-elsewhere.js';
import { AuditedCalls } from './audit/audited-calls.js';
import { ServiceAudit, type AuditedService } from './audit/service-audit.js';
import { answerFleet } from './answer-fleet.js';
import { faultLog } from './fault-log.js';
import { Faults } from './faults.js';
import type { HttpDoor } from './http/http-door.js';
import { listenOn } from './http/listen-on.js';
import { OpsPort } from './http/ops-port.js';
import { natsLoginOf } from './nats-login-of.js';
import { NatsStrategy } from './nats-strategy.js';
import { ProblemFilter } from './problem-filter.js';
import { requireMessageBytes } from './require-message-bytes.js';
import { SelfReport } from './self-report.js';
import { settingsInForce } from './settings-in-force.js';
import { HTTP_DOOR, LOGGER, SETTINGS } from './service-tokens.js';
import { readSettings, type Settings, type SettingsShape } from './settings.js';
import { sharedSettings, storeSettings } from './shared-settings.js';
import { startTracingBy } from './tracing-settings.js';
import { Turns } from './turns.js';

export type ServiceSettings<Shape extends SettingsShape> = Settings<typeof sharedSettings> & Settings<Shape>;

/** What makes one service differ from another. */
export interface ServiceDefinition<Shape extends SettingsShape> {
  /** Name of the app, such as `job-service`. */
  name: string;
  /** What it needs to be told beside what every service does. */
  settings: Shape;
  /** Refuses settings that are fine one by one but not together. */
  check?: (settings: ServiceSettings<Shape>) => void;
  /** False for one that lives without NATS. */
  nats?: boolean;
  /** Its database; left out, it has none. */
  schema?: DatabaseSchema;
  /**
   * What the chain is of in which it keeps who had what changed; left out, it keeps none. One without a database has
   * recovery-service keep it: `elsewhere`.
   */
  audit?: AuditedService | 'elsewhere';
  /** Where each host has a process of its own: the host of this one, whose requests are addressed to it, as its parts know it once they are there. */
  host?: (parts: Pick<Service<Shape>, 'get'>) => string;
  /** Whether it needs that as it is set. @default that it does */
  needsDatabase?: (settings: ServiceSettings<Shape>) => boolean;
  /** Its door for HTTP; left out, it is asked over NATS. */
  http?: (context: ServiceContext<Shape>) => HttpDoor;
  module: Type | DynamicModule;
}

/** What a service is given to live on. */
export interface ServiceContext<Shape extends SettingsShape> {
  readonly settings: ServiceSettings<Shape>;
  readonly bus: Bus;
  readonly store: Store;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly logger: Logger;
  readonly onFault: FaultListener;
}

export interface ServiceInputs {
  /** @default that of this process */
  environment?: NodeJS.ProcessEnv;
  /** @default lines on standard output */
  logger?: Logger;
  /** Hears of errors that nobody expected. @default the log */
  onFault?: FaultListener;
}

/**
 * A service that can be started, in a process of its own (`runService`) or in that of a test. Settings that cannot be used
 * are refused here, before anything is opened.
 */
export function createService<Shape extends SettingsShape>(
  definition: ServiceDefinition<Shape>,
  inputs: ServiceInputs = {},
): Service<Shape> {
  return new Service(definition, inputs);
}

/** The ops port opens first, then NATS, the database, Nest and the door for HTTP. It ends the other way round. */
export class Service<Shape extends SettingsShape> implements ServiceContext<Shape> {
  readonly settings: ServiceSettings<Shape>;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly logger: Logger;
  readonly onFault: FaultListener;
  private readonly self: SelfReport;
  private readonly acts: Acts;
  private readonly turns = new Turns();
  private readonly login: NatsLogin;
  private readonly schema: DatabaseSchema | undefined;
  private ops: OpsPort | undefined;
  private connectedBus: Bus | undefined;
  private connectedStore: Store | undefined;
  private audit: ServiceAudit | undefined;
  private app: INestApplicationContext | undefined;
  private door: HttpDoor | undefined;
  private listensAt: string | undefined;
  private stopTracing: (() => Promise<void>) | undefined;
  private closed: Promise<void> | undefined;

  constructor(
    private readonly definition: ServiceDefinition<Shape>,
    { environment, logger, onFault }: ServiceInputs,
  ) {
    const { name, schema } = definition;
    const shape = { ...sharedSettings, ...(schema ? storeSettings : {}), ...definition.settings };
    this.settings = readSettings<SettingsShape>(shape, environment) as ServiceSettings<Shape>;
    definition.check?.(this.settings);
    this.login = natsLoginOf(this.settings);
    this.metrics = new Metrics(name);
    this.logger =
      logger ?? createLogger(name, this.settings.LOG_LEVEL, () => this.metrics.count('kintsugi_log_lines_lost_total'));
    this.onFault = onFault ?? faultLog(this.logger);
    this.acts = new Acts(this.logger);
    this.health = new Health(name);
    const about = { service: name, instance: this.settings.INSTANCE_ID };
    this.self = new SelfReport(about, this.metrics, this.health, settingsInForce(this.settings));
    if (definition.nats !== false) {
      this.health.add('nats', () => {
        if (this.connectedBus?.state !== 'up') throw new Error('not connected');
      });
    }
    this.schema = definition.needsDatabase?.(this.settings) === false ? undefined : schema;
    if (this.schema) {
      this.health.add('mongo', async () => {
        if (!this.connectedStore) throw new Error('not connected');
        await this.connectedStore.ping();
      });
    }
  }

  get bus(): Bus {
    return there(this.connectedBus, `${this.definition.name} is not connected to NATS`);
  }

  get store(): Store {
    return there(this.connectedStore, `${this.definition.name} is not connected to a database`);
  }

  /** Where it takes HTTP, such as `http://127.0.0.1:8000`. */
  get url(): string {
    return there(this.listensAt, `${this.definition.name} takes no HTTP`);
  }

  /** `host:port` at which it answers for itself; null while another process holds the port. */
  get opsAddress(): string | null {
    return this.ops?.address(this.connectedBus?.ownAddress) ?? null;
  }

  get isConnected(): boolean {
    return this.connectedBus !== undefined;
  }

  /** A part of it, by its class or its token. */
  get<Part>(token: { prototype: Part } | symbol): Part {
    return there(this.app, `${this.definition.name} has not started`).get<Part>(token as Type<Part> | symbol, { strict: false });
  }

  /** Resolves once it can do its work. Rejects with the reason, and leaves nothing open, when it cannot start. */
  async start(): Promise<this> {
    try {
      await this.open();
    } catch (error) {
      await this.close();
      throw error;
    }
    this.health.started();
    this.logger.info(this.listensAt === undefined ? {} : { address: this.listensAt }, 'Ready');
    return this;
  }

  close(): Promise<void> {
    this.closed ??= this.closeAll();
    return this.closed;
  }

  private async open(): Promise<void> {
    const { definition, settings, self, logger, onFault } = this;
    const onTrouble = (reason: string): void => logger.warn({ reason }, 'Traces cannot be sent');
    this.stopTracing = await startTracingBy(settings, { name: definition.name, instance: settings.INSTANCE_ID, onTrouble });
    // Before what it tells of: a service that waits for a server which is away says so here.
    this.ops = await OpsPort.open({ settings, self, logger, onFault, onConnection: () => this.turns.standBack() });
    if (definition.nats !== false) await this.connectBus();
    if (this.schema) await this.connectStore(this.schema);
    if (this.connectedBus) answerFleet(this.connectedBus, { self, opsAddress: () => this.opsAddress, onFault });
    this.door = definition.http?.(this);
    await this.listen({
      module: ServiceParts,
      global: true,
      providers: this.parts(),
      exports: this.parts(),
      imports: [definition.module],
    });
  }

  private async connectBus(): Promise<void> {
    this.connectedBus = await Bus.connect({
      servers: this.settings.NATS_URL,
      name: this.definition.name,
      login: this.login,
      streamReplicas: this.settings.NATS_REPLICAS,
    });
    requireMessageBytes(this.connectedBus, { bytes: limits.messageBytes, of: 'a message between services' });
  }

  private async connectStore(schema: DatabaseSchema): Promise<void> {
    const { MONGO_URL, DATABASE_PREFIX } = this.settings as unknown as Settings<typeof storeSettings>;
    this.connectedStore = await Store.connect(
      { url: MONGO_URL, database: `${DATABASE_PREFIX}_${schema.database}`, applicationName: this.definition.name },
      (reason) => this.logger.warn({ reason }, 'Waiting for the database'),
    );
    const { audit } = this.definition;
    // Who holds the leash migrates while its services start, and tells what is wrong.
    const onOther = ({ message }: Error): void =>
      this.logger.warn({ reason: message }, 'Waiting for the migration of the database');
    await requireSchema(this.connectedStore, schema, this.settings.KINTSUGI_LEASHED === '1' ? onOther : undefined);
    if (!audit || audit === 'elsewhere') return;
    const { INSTANCE_ID: instance, AUDIT_SIGNING_KEY: pem } = this.settings as ServiceSettings<typeof storeSettings>;
    this.audit = await ServiceAudit.open(this.connectedStore, audit, { instance, pem, logger: this.logger });
  }

  /** What every part of the service may ask for. */
  private parts(): Provider[] {
    return [
      { provide: SETTINGS, useValue: this.settings },
      { provide: LOGGER, useValue: this.logger },
      { provide: Metrics, useValue: this.metrics },
      { provide: Health, useValue: this.health },
      { provide: SelfReport, useValue: this.self },
      { provide: Faults, useValue: new Faults(this.onFault, this.definition.name) },
      { provide: Acts, useValue: this.acts },
      { provide: Turns, useValue: this.turns },
      ...(this.connectedBus ? [{ provide: Bus, useValue: this.connectedBus }] : []),
      ...(this.connectedStore ? [{ provide: Store, useValue: this.connectedStore }] : []),
      ...(this.audit ? this.audit.parts : []),
      ...(this.door ? [{ provide: HTTP_DOOR, useValue: this.door }] : []),
    ];
  }

  private async listen(module: DynamicModule): Promise<void> {
    const options = { logger: new NestLogger(this.logger), abortOnError: false };
    if (this.door) {
      const app = await NestFactory.create<INestApplication>(module, this.door.adapter, { ...options, bodyParser: false });
      this.app = app;
      this.listensAt = await listenOn(app, this.door);
    } else if (this.connectedBus) {
      const { acts, audit, connectedBus: bus, onFault, turns } = this;
      const { name, audit: kept, host } = this.definition;
      const elsewhere: AuditedCalls | undefined =
        kept === 'elsewhere'
          ? new AuditedCalls(new AuditElsewhere(bus, name, this.settings.INSTANCE_ID), (...asked) => strategy.read(...asked))
          : undefined;
      const strategy: NatsStrategy = new NatsStrategy({
        ...{ bus, queue: name, onFault, turns, acts },
        ...(host ? { host: () => host(this) } : {}),
        audited: audit?.calls ?? elsewhere,
      });
      audit?.readWith(strategy.read);
      const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, { ...options, strategy });
      this.app = app;
      app.useGlobalPipes(new ContractPipe('data'));
      app.useGlobalFilters(new ProblemFilter());
      await app.listen();
      audit?.listen(bus, { queue: this.definition.name, onFault });
    } else {
      this.app = await NestFactory.createApplicationContext(module, options);
    }
  }

  private async closeAll(): Promise<void> {
    this.health.stopping();
    if (this.app && this.door) await this.door.close(this.app as INestApplication);
    else await this.app?.close();
    await this.connectedBus?.close();
    await this.audit?.close();
    await this.connectedStore?.close();
    await this.ops?.close();
    await this.stopTracing?.();
  }
}

/** The root of a service: what it lives on, and its own module beside it. */
class ServiceParts {}

function there<Part>(part: Part | undefined, otherwise: string): Part {
  if (part === undefined) throw new Error(`${otherwise}.`);
  return part;
}
