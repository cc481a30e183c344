import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import { DeadLetterStore, Store, ensureIndexes, ensureRetention } from '@kintsugi/persistence';
import type { RecoveryServiceSettings } from '../recovery-service.config.js';
import { CancelledJobs } from './cancelled-jobs.js';
import { ForgetFailures } from './commands/forget-failures.js';
import { ErrorRecordSearch } from './error-record-search.js';
import { ErrorRecords } from './error-records.js';
import { HourSieves } from './hour-sieves.js';
import { ManualRecoveries } from './manual-recoveries.js';
import { CancelledJobStore, cancelledJobIndexes } from './mongo/cancelled-job-store.js';
import { HourSieveStore } from './mongo/hour-sieve-store.js';
import { errorRecordIndexes, errorRecordRetention } from './mongo/error-record-collection.js';
import { ErrorRecordQueries } from './mongo/error-record-queries.js';
import { ErrorRecordStore } from './mongo/error-record-store.js';
import { ManualRecoveryStore, manualRecoveryRetention } from './mongo/manual-recovery-store.js';
import { RecoveryItemStore, recoveryItemIndexes } from './mongo/recovery-item-store.js';
import { manualRecoveryModels } from './mongo/manual-recovery.schema.js';
import { RecoveryItems } from './recovery-items.js';
import { ErrorsController } from './nats/errors.controller.js';
import { GetError } from './queries/get-error.js';
import { ListErrorGroups } from './queries/list-error-groups.js';
import { ListErrors } from './queries/list-errors.js';

const stores = [
  { provide: ErrorRecords, useClass: ErrorRecordStore },
  { provide: ErrorRecordSearch, useClass: ErrorRecordQueries },
  { provide: CancelledJobs, useClass: CancelledJobStore },
  { provide: ManualRecoveries, useClass: ManualRecoveryStore },
  { provide: RecoveryItems, useClass: RecoveryItemStore },
  { provide: HourSieves, inject: [Store], useFactory: (store: Store) => new HourSieveStore(store) },
];

const deadLetters = { provide: DeadLetterStore, inject: [Store], useFactory: (store: Store) => new DeadLetterStore(store) };

/** What is known of failed tasks: error records, the jobs that were cancelled, and what people asked for. */
@Module({
  imports: [manualRecoveryModels],
  controllers: [ErrorsController],
  providers: [...stores, deadLetters, ForgetFailures, ListErrors, GetError, ListErrorGroups],
  exports: [...stores.map(({ provide }) => provide), DeadLetterStore],
})
export class RecordsModule implements OnModuleInit {
  constructor(
    private readonly store: Store,
    @Inject(SETTINGS) private readonly settings: RecoveryServiceSettings,
  ) {}

  async onModuleInit(): Promise<void> {
    await ensureIndexes(this.store, [...errorRecordIndexes, ...cancelledJobIndexes, ...recoveryItemIndexes]);
    for (const kept of [errorRecordRetention, manualRecoveryRetention]) {
      await ensureRetention(this.store, { ...kept, days: this.settings.ERROR_RETENTION_DAYS });
    }
  }
}
