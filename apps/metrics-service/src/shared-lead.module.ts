import { Global, Module } from '@nestjs/common';
import { Faults, SETTINGS } from '@kintsugi/hosting';
import { SharedLead, Store } from '@kintsugi/persistence';
import type { MetricsServiceSettings } from './metrics-service.config.js';

/** What one replica of metrics-service does for all is done under one lease. */
@Global()
@Module({
  providers: [
    {
      provide: SharedLead,
      inject: [Store, SETTINGS, Faults],
      useFactory: (store: Store, { INSTANCE_ID: holder }: MetricsServiceSettings, faults: Faults) =>
        new SharedLead(store, { role: 'metrics-service', holder }, faults.of('lead')),
    },
  ],
  exports: [SharedLead],
})
export class SharedLeadModule {}
