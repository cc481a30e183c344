import { Module } from '@nestjs/common';
import { AnalysisModule } from './analysis/analysis.module.js';
import { FailuresModule } from './failures/failures.module.js';
import { GroupRecoveriesModule } from './group-recoveries/group-recoveries.module.js';
import { GroupsModule } from './groups/groups.module.js';
import { PlatformModule } from './platform/platform.module.js';
import { PoolHostsModule } from './pool-hosts/pool-hosts.module.js';
import { RecoveriesModule } from './recoveries/recoveries.module.js';
import { RecoveryLifecycle } from './recovery-lifecycle.js';
import { ResendsModule } from './resends/resends.module.js';
import { RetriesModule } from './retries/retries.module.js';

/** The features of recovery-service, each of which imports only those below it. */
@Module({
  imports: [
    PlatformModule,
    PoolHostsModule,
    GroupsModule,
    AnalysisModule,
    RetriesModule,
    FailuresModule,
    RecoveriesModule,
    GroupRecoveriesModule,
    ResendsModule,
  ],
  providers: [RecoveryLifecycle],
})
export class RecoveryServiceModule {}
