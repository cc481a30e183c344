import { resolve } from 'node:path';
import { Module } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import { patternOf } from './git/domain/allowed-urls.js';
import { PoolRules } from './git/pool-rules.js';
import { Git } from './git/process/git.js';
import { Inspector } from './inspection/inspector.js';
import { SubmoduleInspector } from './inspection/submodule-inspector.js';
import { Ladder } from './ladder/ladder.js';
import { RungWorks } from './ladder/rung-works.js';
import { SavedWork } from './ladder/saved-work.js';
import { SlotMaker } from './ladder/slot-maker.js';
import { SubmoduleWorks } from './ladder/submodule-works.js';
import { Mirrors } from './mirrors/mirrors.js';
import { Sources } from './mirrors/sources.js';
import { SubmoduleList } from './mirrors/submodule-list.js';
import { Clock } from './platform/clock.js';
import { HostProcesses } from './platform/process/processes-in.js';
import { PoolAgentLifecycle } from './pool-agent-lifecycle.js';
import type { PoolAgentSettings } from './pool-agent.config.js';
import { Allocations } from './pools/allocations.js';
import { PoolsController } from './pools/nats/pools.controller.js';
import { HostName } from './pools/nats/host-name.js';
import { Pools } from './pools/pools.js';
import { AutoRecover } from './recovery/auto-recover.js';
import { Detectors } from './recovery/detectors.js';
import { LapsedLeases } from './recovery/lapsed-leases.js';
import { LockKeeper } from './recovery/lock-keeper.js';
import { RecoveryController } from './recovery/nats/recovery.controller.js';
import { SlotDoctor } from './recovery/slot-doctor.js';
import { machineName } from './slots/kept-host.js';
import { PoolFolder } from './slots/pool-folder.js';
import { SlotBook } from './slots/slot-book.js';
import { SlotLocks } from './slots/slot-locks.js';

const clock = { provide: Clock, useFactory: (): Clock => ({ now: () => Date.now() }) };
const folder = {
  provide: PoolFolder,
  inject: [SETTINGS],
  useFactory: ({ POOL_FOLDER, POOL_HOST }: PoolAgentSettings) => new PoolFolder(resolve(POOL_FOLDER), POOL_HOST ?? machineName()),
};
const git = {
  provide: Git,
  inject: [SETTINGS, PoolFolder],
  useFactory: ({ POOL_GIT_PATH }: PoolAgentSettings, place: PoolFolder) =>
    new Git({ searchPath: POOL_GIT_PATH, home: place.of('home'), ceiling: place.root }),
};
const rules = {
  provide: PoolRules,
  inject: [SETTINGS],
  useFactory: ({ POOL_ALLOWED_URLS }: PoolAgentSettings) =>
    new PoolRules(
      POOL_ALLOWED_URLS.map(patternOf).filter((pattern) => pattern !== null),
      POOL_ALLOWED_URLS.join(', '),
    ),
};

/** The slots of one host, from the git that they are made with up to the requests that are answered about them. */
@Module({
  controllers: [PoolsController, RecoveryController],
  providers: [
    ...[clock, folder, git, rules],
    ...[Mirrors, Sources, SubmoduleList, SlotBook, SlotLocks, SubmoduleInspector, Inspector],
    ...[SavedWork, SubmoduleWorks, SlotMaker, RungWorks, Ladder],
    ...[HostProcesses, SlotDoctor, Detectors, LockKeeper, AutoRecover, LapsedLeases],
    ...[Pools, Allocations, HostName],
    PoolAgentLifecycle,
  ],
})
export class PoolAgentModule {}
