import { createService, type Service, type ServiceDefinition, type SettingsShape } from '@kintsugi/hosting';
import { createLogger } from '@kintsugi/observability';
import type { TestServers } from '@kintsugi/testing';

/** A service in this process, and what a test looks at it with. */
export interface ServiceUnderTest<Shape extends SettingsShape> {
  service: Service<Shape>;
  /** What it reported as faults. */
  faults: unknown[];
  /** What a counter stands at, over all its series that have these labels. */
  counted(name: string, labels?: Record<string, string>): Promise<number>;
}

/** Starts a service on the servers of a test, with free ports and a silent log. */
export async function startService<Shape extends SettingsShape>(
  definition: ServiceDefinition<Shape>,
  servers: Pick<TestServers, 'natsUrl' | 'mongoUrl'>,
  environment: Record<string, string> = {},
): Promise<ServiceUnderTest<Shape>> {
  const faults: unknown[] = [];
  const service = createService(definition, {
    environment: {
      NATS_URL: servers.natsUrl,
      MONGO_URL: servers.mongoUrl,
      INSTANCE_ID: 'under-test',
      OPS_PORT: '0',
      ...environment,
    },
    logger: createLogger(definition.name, 'silent'),
    onFault: (error) => void faults.push(error),
  });
  await service.start();
  return {
    service,
    faults,
    async counted(name, labels = {}) {
      const metric = await service.metrics.registry.getSingleMetric(name)?.get();
      const series = metric?.values.filter(({ labels: given }) =>
        Object.entries(labels).every(([label, value]) => given[label] === value),
      );
      return (series ?? []).reduce((sum, { value }) => sum + value, 0);
    },
  };
}
