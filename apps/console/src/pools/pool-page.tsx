import { Stack, Table, Text } from '@mantine/core';
import type { PoolView, SlotView } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { act } from '../api/request.js';
import { Copyable } from '../display/copyable.js';
import { DataTable } from '../display/data-table.js';
import { Moment } from '../display/moment.js';
import { PageHead } from '../display/page-head.js';
import { Panel } from '../display/panel.js';
import { Asked } from '../display/states-of-asking.js';
import { Status } from '../display/status.js';
import { useTexts } from '../texts/language.js';
import { SlotDeeds } from './slot-deeds.js';

const route = getRouteApi('/pools/$name');
const everyMs = 5_000;

export function PoolPage() {
  const { name } = route.useParams();
  const pool = useQuery({
    queryKey: ['pools', 'one', name],
    queryFn: ({ signal }) => act('/pool-operations', 'getPool', { name }, signal),
    refetchInterval: everyMs,
  });
  return <Asked query={pool}>{(value) => <Shown pool={value} />}</Asked>;
}

function Shown({ pool }: { pool: PoolView }) {
  const say = useTexts();
  return (
    <>
      <PageHead title={pool.name} window={pool.name} />
      <Stack gap="md">
        <Text size="sm" c="dimmed" className="wrap">
          {pool.repository_url} · {pool.branch}
        </Text>
        <Panel title={say('pools.slots')}>
          <Slots pool={pool} />
        </Panel>
        <Panel title={say('job.elsewhere')}>
          <Stack gap="xs">
            <Copyable label="CLI" text={`./kintsugi pool anomalies ${pool.name}`} />
            <Copyable label="CLI" text={`./kintsugi pool allocate ${pool.name} --owner me`} />
          </Stack>
        </Panel>
      </Stack>
    </>
  );
}

function Slots({ pool: { name, slots } }: { pool: PoolView }) {
  const say = useTexts();
  return (
    <DataTable
      empty={{ of: 'slots', values: { pool: name } }}
      heads={(['slot', 'state', 'owner', 'since', 'why'] as const).map((head) => say(`slots.${head}`))}
      hasActions
    >
      {slots.map((slot) => (
        <Row key={slot.slot_id} slot={slot} />
      ))}
    </DataTable>
  );
}

function Row({ slot }: { slot: SlotView }) {
  const { metadata } = slot;
  return (
    <Table.Tr>
      <Table.Td className="mono" title={slot.path}>
        {slot.slot_id}
      </Table.Td>
      <Table.Td>
        <Status state={slot.state} />
      </Table.Td>
      <Table.Td className="wrap">{[slot.owner, slot.purpose].filter(Boolean).join(': ') || '–'}</Table.Td>
      <Table.Td>
        <Moment at={slot.allocated_at ?? metadata.state_changed_at} />
      </Table.Td>
      <Table.Td className="wrap">{metadata.isolation_reason ?? metadata.last_recovery?.found.join(', ') ?? '–'}</Table.Td>
      <Table.Td>
        <SlotDeeds slot={slot} />
      </Table.Td>
    </Table.Tr>
  );
}
