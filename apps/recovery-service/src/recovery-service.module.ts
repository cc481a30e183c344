import { hash } from 'node:crypto';
import type { DynamicModule, Provider } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { DeadLetterLog, FailedDeliveries, type ServiceContext } from '@kintsugi/hosting';
import { CommandPublisher } from '@kintsugi/messaging';
import { DeadLetterStore, deadLetterIndexes, ensureIndexes, ensureRetention } from '@kintsugi/persistence';
import { CancelRecoveries } from './failures/commands/cancel-recoveries.js';
import { RecordFailures } from './failures/commands/record-failures.js';
import { RecordRecoveries } from './failures/commands/record-recoveries.js';
import { CancelledJobs, cancelledJobIndexes } from './failures/mongo/cancelled-jobs.js';
import { errorRecordIndexes, errorRecordRetention } from './failures/mongo/error-record-collection.js';
import { ErrorRecordSearch } from './failures/mongo/error-record-search.js';
import { ErrorRecordStore } from './failures/mongo/error-record-store.js';
import { ErrorsController } from './failures/nats/errors.controller.js';
import { FailuresConsumer } from './failures/nats/failures.consumer.js';
import { GetError } from './failures/queries/get-error.js';
import { ListErrorGroups } from './failures/queries/list-error-groups.js';
import { ListErrors } from './failures/queries/list-errors.js';
import { ManualRecover } from './recoveries/commands/manual-recover.js';
import { ManualRecoveryStore, manualRecoveryRetention } from './recoveries/mongo/manual-recovery-store.js';
import { RecoverableRecords } from './recoveries/mongo/recoverable-records.js';
import { RecoveriesController } from './recoveries/nats/recoveries.controller.js';
import { RecoveryModelsModule } from './mongo/recovery-models.module.js';
import { RecoveryDuties } from './recovery-duties.js';
import { defaultPolicyOf, type recoveryServiceSettings } from './recovery-service.config.js';
import { ConfigureRetry } from './retries/commands/configure-retry.js';
import { UnsetRetry } from './retries/commands/unset-retry.js';
import { StartDueRetries } from './retries/commands/start-due-retries.js';
import { RetryConfigStore } from './retries/mongo/retry-config-store.js';
import { RetryTimers } from './retries/mongo/retry-timers.js';
import { RetriesController } from './retries/nats/retries.controller.js';
import { ListRetryConfigs } from './retries/queries/list-retry-configs.js';
import { RetryClock } from './retries/retry-clock.js';
import { ResendCommands } from './task-commands/commands/resend-commands.js';
import { OwingRecords } from './task-commands/mongo/owing-records.js';
import { CommandSender } from './task-commands/nats/command-sender.js';
import { NatsTaskStandings } from './task-commands/nats/nats-task-standings.js';

type Context = ServiceContext<typeof recoveryServiceSettings>;

/** What recovery-service is made of, and who is given what. */
export class RecoveryServiceModule {
  static with(context: Context): DynamicModule {
    return {
      module: RecoveryServiceModule,
      imports: [RecoveryModelsModule.on(context.store)],
      controllers: [FailuresConsumer, ErrorsController, RetriesController, RecoveriesController],
      providers: [
        ...storeProviders(context),
        ...taskCommandProviders(context),
        ...failureProviders(context),
        ...retryProviders(context),
        ...recoveryProviders(context),
      ],
    };
  }
}

/** The stores come up with their indexes made. */
function storeProviders({ store, settings }: Context): Provider[] {
  return [
    {
      provide: ErrorRecordStore,
      useFactory: async () => {
        await ensureIndexes(store, [...errorRecordIndexes, ...cancelledJobIndexes, ...deadLetterIndexes]);
        for (const kept of [errorRecordRetention, manualRecoveryRetention]) {
          await ensureRetention(store, { ...kept, days: settings.ERROR_RETENTION_DAYS });
        }
        return new ErrorRecordStore(store);
      },
    },
    { provide: ErrorRecordSearch, useFactory: () => new ErrorRecordSearch(store) },
    { provide: CancelledJobs, useFactory: () => new CancelledJobs(store) },
    RetryConfigStore,
    { provide: RetryTimers, useFactory: () => new RetryTimers(store) },
    { provide: OwingRecords, useFactory: () => new OwingRecords(store) },
    { provide: RecoverableRecords, useFactory: () => new RecoverableRecords(store) },
    ManualRecoveryStore,
  ];
}

function taskCommandProviders({ bus, settings }: Context): Provider[] {
  return [
    {
      provide: CommandSender,
      inject: [ManualRecoveryStore],
      useFactory: (recoveries: ManualRecoveryStore) =>
        new CommandSender(new CommandPublisher(bus), (ids) => recoveries.ordersOf(ids)),
    },
    {
      provide: ResendCommands,
      inject: [OwingRecords, CommandSender, RecordRecoveries],
      useFactory: (records: OwingRecords, sender: CommandSender, recoveries: RecordRecoveries) =>
        new ResendCommands(records, sender, new NatsTaskStandings(bus), recoveries, resendMsOf(settings)),
    },
  ];
}

function failedDeliveries({ store, metrics, logger, onFault }: Context): FailedDeliveries {
  const log = new DeadLetterLog(logger);
  return new FailedDeliveries({
    letters: new DeadLetterStore(store),
    onFault,
    onKept: (reason) => metrics.count('kintsugi_dead_letters_total', { reason }),
    onGivenUp: (message, problem) => log.note(message, problem),
  });
}

function failureProviders(context: Context): Provider[] {
  const { settings, metrics } = context;
  return [
    {
      provide: RecordFailures,
      inject: [ErrorRecordStore, RetryConfigStore, CancelledJobs, CommandSender, RetryClock],
      useFactory: (
        records: ErrorRecordStore,
        configs: RetryConfigStore,
        cancelledJobs: CancelledJobs,
        sender: CommandSender,
        clock: RetryClock,
      ) =>
        new RecordFailures(records, configs, cancelledJobs, sender, metrics, {
          defaultPolicy: defaultPolicyOf(settings),
          jitter: settings.RETRY_JITTER,
          resendMs: resendMsOf(settings),
          digest: (text) => hash('sha256', text, 'hex'),
          random: () => Math.random(),
          onScheduled: (dueAt) => clock.expect(dueAt),
        }),
    },
    {
      provide: RecordRecoveries,
      inject: [ErrorRecordStore],
      useFactory: (records: ErrorRecordStore) => new RecordRecoveries(records, metrics),
    },
    {
      provide: CancelRecoveries,
      inject: [ErrorRecordStore, CancelledJobs],
      useFactory: (records: ErrorRecordStore, cancelledJobs: CancelledJobs) => new CancelRecoveries(records, cancelledJobs),
    },
    { provide: FailedDeliveries, useFactory: () => failedDeliveries(context) },
    { provide: ListErrors, inject: [ErrorRecordSearch], useFactory: (search: ErrorRecordSearch) => new ListErrors(search) },
    { provide: GetError, inject: [ErrorRecordStore], useFactory: (records: ErrorRecordStore) => new GetError(records) },
    {
      provide: ListErrorGroups,
      inject: [ErrorRecordSearch],
      useFactory: (search: ErrorRecordSearch) => new ListErrorGroups(search),
    },
  ];
}

function retryProviders({ store, settings, metrics, logger }: Context): Provider[] {
  const onError = (error: unknown): void => logger.error({ error }, 'A duty could not be done; it is tried again');
  return [
    {
      provide: StartDueRetries,
      inject: [RetryTimers, CommandSender],
      useFactory: (timers: RetryTimers, sender: CommandSender) =>
        new StartDueRetries(timers, sender, metrics, resendMsOf(settings)),
    },
    { provide: RetryClock, inject: [StartDueRetries], useFactory: (start: StartDueRetries) => new RetryClock(start, onError) },
    {
      provide: RecoveryDuties,
      inject: [RetryClock, ResendCommands],
      useFactory: (clock: RetryClock, resend: ResendCommands) =>
        new RecoveryDuties(clock, resend, {
          store,
          holder: settings.INSTANCE_ID,
          resendCheckMs: resendMsOf(settings) / 10,
          onError,
        }),
    },
    {
      provide: ConfigureRetry,
      inject: [RetryConfigStore],
      useFactory: (configs: RetryConfigStore) => new ConfigureRetry(configs),
    },
    {
      provide: UnsetRetry,
      inject: [RetryConfigStore],
      useFactory: (configs: RetryConfigStore) => new UnsetRetry(configs, defaultPolicyOf(settings)),
    },
    {
      provide: ListRetryConfigs,
      inject: [RetryConfigStore],
      useFactory: (configs: RetryConfigStore) => new ListRetryConfigs(configs, defaultPolicyOf(settings)),
    },
  ];
}

function recoveryProviders({ settings, logger }: Context): Provider[] {
  return [
    {
      provide: ManualRecover,
      inject: [ErrorRecordStore, RecoverableRecords, ManualRecoveryStore, RetryConfigStore, CancelledJobs, CommandSender],
      useFactory: (
        records: ErrorRecordStore,
        recoverable: RecoverableRecords,
        recoveries: ManualRecoveryStore,
        configs: RetryConfigStore,
        cancelledJobs: CancelledJobs,
        sender: CommandSender,
      ) =>
        new ManualRecover(records, recoverable, recoveries, configs, cancelledJobs, sender, {
          defaultPolicy: defaultPolicyOf(settings),
          resendMs: resendMsOf(settings),
          newId: () => `rcv_${uuidv7()}`,
          onError: (error) => logger.error({ error }, 'Recoveries could not be ordered now; they are ordered later'),
        }),
    },
  ];
}

function resendMsOf({ COMMAND_RESEND_SECONDS }: Context['settings']): number {
  return COMMAND_RESEND_SECONDS * 1000;
}
