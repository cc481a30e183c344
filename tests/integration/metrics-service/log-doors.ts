import { expect } from '@jest/globals';
import { logIdOf } from '@kintsugi/contracts';
import { Bus } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { gateway } from '../../../apps/gateway/src/gateway.js';
import { LogSender } from '../../../libs/worker-sdk/src/log-sender.js';
import { SecretMask } from '../../../libs/worker-sdk/src/secret-mask.js';
import { TaskRun } from '../../../libs/worker-sdk/src/task-context.js';
import { startService, type ServiceUnderTest } from '../service-under-test.js';
import { JobEventTeller, newJobId } from './job-events.js';
import { startMetricsService, type MetricsServiceUnderTest } from './metrics-service-under-test.js';

/** A secret that each run has declared. */
export const canary = 'canary-of-the-mine';

/** What takes logs and gives them out, and a worker that sends them. */
export interface LogDoors {
  servers: TestServers;
  service: MetricsServiceUnderTest;
  door: ServiceUnderTest<never>;
  events: JobEventTeller;
  sender: LogSender;
  /** A job that the history knows. */
  newJob: (tenant?: string) => Promise<string>;
  /** A run whose lines the worker sends. */
  runIn: (jobId: string, place?: string, attempt?: number) => TaskRun;
  stop(): Promise<void>;
}

export async function startLogDoors(
  environment: Record<string, string> = {},
  ofGateway: Record<string, string> = {},
): Promise<LogDoors> {
  const servers = await startTestServers();
  const service = await startMetricsService(servers, environment);
  const settings = { API_PORT: '0', AUTH: 'off', ...ofGateway };
  const door = (await startService(gateway, servers, settings)) as unknown as ServiceUnderTest<never>;
  const events = new JobEventTeller(service.bus);
  const sender = new LogSender(() => Bus.connect({ servers: servers.natsUrl, name: 'worker logs' }), 'worker-1');
  return {
    ...{ servers, service, door, events, sender },
    newJob: async (tenant = 'default') => {
      const jobId = newJobId();
      await events.created(0, [events.head(jobId, 0, { tenant })]);
      await eventually(async () => expect(await service.row(jobId)).not.toBeNull());
      return jobId;
    },
    runIn: (jobId, place = '0.0', attempt = 1) => {
      const task = { id: `task_${logIdOf(jobId)}.${place}`, key: null, job_id: jobId, type: 't', payload: null };
      return new TaskRun(task, attempt, undefined, { sender, mask: new SecretMask([canary]) });
    },
    async stop() {
      await sender.close();
      await door.service.close();
      await service.stop();
      await servers.stop();
    },
  };
}
