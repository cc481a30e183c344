import { jest } from '@jest/globals';
import type { Service } from '@kintsugi/hosting';
import { Bus } from '@kintsugi/messaging';
import type { Metrics } from '@kintsugi/observability';
import { DeadLetterStore, type Store } from '@kintsugi/persistence';
import { AuditLog } from '@kintsugi/persistence/audit';
import type { TestServers } from '@kintsugi/testing';
import { JobDirectory } from '../../../apps/job-service/src/directory/job-directory.js';
import { Dispatcher } from '../../../apps/job-service/src/dispatch/dispatcher.js';
import { WorkerRoster } from '../../../apps/job-service/src/dispatch/domain/worker-roster.js';
import { ReadyQueues } from '../../../apps/job-service/src/dispatch/ready-queues.js';
import { ApplyRecovery } from '../../../apps/job-service/src/inbox/commands/apply-recovery.js';
import { AcceptJob } from '../../../apps/job-service/src/intake/commands/accept-job.js';
import type { jobServiceSettings } from '../../../apps/job-service/src/job-service.config.js';
import { jobService } from '../../../apps/job-service/src/job-service.js';
import { JobStore } from '../../../apps/job-service/src/jobs/mongo/job-store.js';
import { ListTasks } from '../../../apps/job-service/src/directory/queries/list-tasks.js';
import { OutboxRelay } from '../../../apps/job-service/src/outbox/outbox-relay.js';
import { Reconciler } from '../../../apps/job-service/src/reconcile/reconciler.js';
import { ChunkChanges } from '../../../apps/job-service/src/tasks/chunk-changes.js';
import { LiveChunks } from '../../../apps/job-service/src/tasks/live-chunks.js';
import { ChunkStore } from '../../../apps/job-service/src/tasks/mongo/chunk-store.js';
import { startService, type ServiceUnderTest } from '../service-under-test.js';

/** job-service in this process, and what a test looks at it with. */
export interface JobServiceUnderTest extends Pick<ServiceUnderTest<never>, 'faults' | 'counted'> {
  /** A connection of the test's own. */
  bus: Bus;
  /** The one that the service lives on. */
  serviceBus: Bus;
  store: Store;
  metrics: Metrics;
  /** The service's own parts, on its own servers. */
  parts: ReturnType<typeof partsOf>;
  stop(): Promise<void>;
}

export async function startJobService(servers: TestServers, given: Record<string, string> = {}): Promise<JobServiceUnderTest> {
  const under = await startService(jobService, servers, given);
  const { service, faults } = under;
  const bus = await Bus.connect({ servers: servers.natsUrl, name: 'test' });
  return {
    ...{ bus, serviceBus: service.bus, store: service.store, metrics: service.metrics, faults },
    counted: (name, labels) => under.counted(name, labels),
    parts: partsOf(service),
    async stop() {
      await service.close();
      await bus.close();
    },
  };
}

function partsOf(service: Service<typeof jobServiceSettings>) {
  return {
    applyRecovery: service.get(ApplyRecovery),
    acceptJob: service.get(AcceptJob),
    audit: service.get(AuditLog),
    changes: service.get(ChunkChanges),
    directory: service.get(JobDirectory),
    dispatcher: service.get(Dispatcher),
    jobs: service.get(JobStore),
    queues: service.get(ReadyQueues),
    deadLetters: service.get(DeadLetterStore),
    listTasks: service.get(ListTasks),
    live: service.get(LiveChunks),
    reconciler: service.get(Reconciler),
    relay: service.get(OutboxRelay),
    roster: service.get(WorkerRoster),
    store: service.get(ChunkStore),
  };
}

export interface HeldCall {
  /** Resolves once the call has come. */
  reached: Promise<void>;
  /** Lets it, and all after it, go on. */
  release(): void;
}

/** Has the next call of a method wait before it does anything. */
export function holdCall<Owner extends object>(owner: Owner, method: keyof Owner & string): HeldCall {
  const original = owner[method] as (...given: unknown[]) => Promise<unknown>;
  let reach = (): void => undefined;
  let release = (): void => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const released = new Promise<void>((resolve) => (release = resolve));
  const spy = jest.spyOn(owner, method as never) as unknown as jest.Spied<(...given: unknown[]) => Promise<unknown>>;
  spy.mockImplementation(async (...given) => {
    spy.mockRestore();
    reach();
    await released;
    return original.apply(owner, given);
  });
  return { reached, release };
}
