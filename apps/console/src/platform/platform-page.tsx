import { SimpleGrid, Stack, Table, Text } from '@mantine/core';
import type { PlatformHealth } from '@kintsugi/contracts';
import { DataTable } from '../display/data-table.js';
import { PageHead } from '../display/page-head.js';
import { Panel } from '../display/panel.js';
import { EmptyState } from '../display/empty-state.js';
import { Asked } from '../display/states-of-asking.js';
import { useHealth } from '../layout/health-status.js';
import { useTexts } from '../texts/language.js';

const tones = { ready: 'good', not_ready: 'waiting', no_answer: 'bad' } as const;

/** The processes of the platform, and the machine that answers. */
export function PlatformPage() {
  const say = useTexts();
  const health = useHealth();
  return (
    <>
      <PageHead title={say('nav.platform')} window={say('nav.platform')} />
      <Asked query={health}>
        {(value) => (
          <Stack gap="md">
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <Panel title={say('platform.services')}>
                <Services health={value} />
              </Panel>
              <Panel title={say('platform.host')}>
                <Host health={value} />
              </Panel>
            </SimpleGrid>
            <Panel title={say('platform.processes')}>
              <Processes health={value} />
            </Panel>
            {value.workers === 0 && <EmptyState of="workers" />}
          </Stack>
        )}
      </Asked>
    </>
  );
}

function Services({ health }: { health: PlatformHealth }) {
  const say = useTexts();
  return (
    <Stack gap={6}>
      {Object.entries(health.services).map(([name, state]) => (
        <Text key={name} size="sm">
          <span className={`status status-${tones[state]}`}>{say(`platform.${state}`)}</span> {name}
        </Text>
      ))}
    </Stack>
  );
}

function Host({ health: { host, workers } }: { health: PlatformHealth }) {
  const say = useTexts();
  return (
    <dl className="facts">
      <dt>{say('platform.name')}</dt>
      <dd>{host.name}</dd>
      <dt>{say('platform.load')}</dt>
      <dd>{say('platform.ofCores', { load: host.load_1m, cores: host.cores })}</dd>
      <dt>{say('platform.memory')}</dt>
      <dd>
        {(host.memory_mib - host.free_memory_mib).toLocaleString()} / {host.memory_mib.toLocaleString()} MiB
      </dd>
      <dt>{say('home.workers')}</dt>
      <dd>{workers ?? '–'}</dd>
    </dl>
  );
}

function Processes({ health }: { health: PlatformHealth }) {
  const say = useTexts();
  return (
    <DataTable
      empty={null}
      heads={(['service', 'instance', 'state', 'cpu', 'memory', 'checks'] as const).map((head) => say(`platform.${head}`))}
    >
      {health.processes.map(({ service, instance, ready, cpu_percent, memory_mib, checks }) => (
        <Table.Tr key={`${service} ${instance}`}>
          <Table.Td>{service}</Table.Td>
          <Table.Td className="mono">{instance}</Table.Td>
          <Table.Td>
            <span className={`status status-${ready ? 'good' : 'bad'}`}>
              {say(ready ? 'platform.ready' : 'platform.not_ready')}
            </span>
          </Table.Td>
          <Table.Td className="number">{cpu_percent === null ? '–' : `${cpu_percent} %`}</Table.Td>
          <Table.Td className="number">{memory_mib === null ? '–' : `${memory_mib.toLocaleString()} MiB`}</Table.Td>
          <Table.Td className="wrap">
            {Object.entries(checks)
              .map(([check, state]) => `${check}: ${state}`)
              .join(', ')}
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
