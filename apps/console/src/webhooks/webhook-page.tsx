import { Group, Stack, Table, Text } from '@mantine/core';
import type { WebhookDeliveryPage, WebhookView } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { get } from '../api/request.js';
import { Copyable } from '../display/copyable.js';
import { DataTable } from '../display/data-table.js';
import { Moment } from '../display/moment.js';
import { PageHead } from '../display/page-head.js';
import { Panel } from '../display/panel.js';
import { Asked } from '../display/states-of-asking.js';
import { useTexts } from '../texts/language.js';
import { WebhookDeeds } from './webhook-deeds.js';
import { WebhookState } from './webhook-state.js';

const route = getRouteApi('/webhooks/$name');
const everyMs = 5_000;
const shownMax = 100;

/** One webhook: how it goes, and what was not taken. */
export function WebhookPage() {
  const { name } = route.useParams();
  const webhook = useQuery({
    queryKey: ['webhooks', name],
    queryFn: ({ signal }) => get<WebhookView>(`/v1/webhooks/${encodeURIComponent(name)}`, {}, signal),
    refetchInterval: everyMs,
  });
  return <Asked query={webhook}>{(value) => <Shown webhook={value} />}</Asked>;
}

function Shown({ webhook }: { webhook: WebhookView }) {
  const say = useTexts();
  return (
    <>
      <PageHead
        window={webhook.name}
        title={
          <Group gap="sm" component="span">
            {webhook.name}
            <WebhookState webhook={webhook} />
          </Group>
        }
      >
        <WebhookDeeds webhook={webhook} />
      </PageHead>
      <Stack gap="md">
        <Panel title={say('job.facts')}>
          <Facts webhook={webhook} />
        </Panel>
        <Panel title={say('webhook.deliveries')}>
          <Deliveries name={webhook.name} />
        </Panel>
        <Copyable label="CLI" text={`./kintsugi webhooks show ${webhook.name}`} />
      </Stack>
    </>
  );
}

function Facts({ webhook }: { webhook: WebhookView }) {
  const say = useTexts();
  return (
    <dl className="facts">
      <dt>{say('webhooks.url')}</dt>
      <dd className="mono">{webhook.url}</dd>
      <dt>{say('webhooks.events')}</dt>
      <dd>{webhook.events.join(', ')}</dd>
      <dt>{say('webhooks.delivered')}</dt>
      <dd>{webhook.delivered.toLocaleString()}</dd>
      <dt>{say('webhooks.dead')}</dt>
      <dd>{webhook.dead.toLocaleString()}</dd>
      <dt>{say('webhooks.last')}</dt>
      <dd>
        <Moment at={webhook.last_delivered_at} />
      </dd>
      {webhook.failing_since && (
        <>
          <dt>{say('webhook.failingSince')}</dt>
          <dd>
            <Moment at={webhook.failing_since} /> {webhook.last_error}
          </dd>
        </>
      )}
      {webhook.disabled_reason && (
        <>
          <dt>{say('webhook.disabledReason')}</dt>
          <dd>{webhook.disabled_reason}</dd>
        </>
      )}
      <dt>{say('fact.tenant')}</dt>
      <dd>{webhook.tenant ?? say('webhook.everyTenant')}</dd>
      <dt>{say('webhook.madeBy')}</dt>
      <dd>
        {webhook.user_id} · <Moment at={webhook.created_at} />
      </dd>
    </dl>
  );
}

function Deliveries({ name }: { name: string }) {
  const say = useTexts();
  const deliveries = useQuery({
    queryKey: ['webhooks', name, 'deliveries'],
    queryFn: ({ signal }) =>
      get<WebhookDeliveryPage>(`/v1/webhooks/${encodeURIComponent(name)}/deliveries`, { limit: shownMax }, signal),
    refetchInterval: everyMs,
  });
  const heads = ['event', 'state', 'attempts', 'next', 'error', 'heard'] as const;
  return (
    <Asked query={deliveries}>
      {({ items }) => (
        <DataTable
          empty={{ of: 'deliveries', values: { webhook: name } }}
          verticalSpacing={6}
          heads={heads.map((head) => say(`delivery.${head}`))}
        >
          {items.map(({ id, event, state, attempts, next_at, last_error, created_at }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <Text size="sm">{event}</Text>
                <div className="mono">{id}</div>
              </Table.Td>
              <Table.Td>
                <span className={`status status-${state === 'dead' ? 'bad' : 'waiting'}`}>{say(`delivery.${state}`)}</span>
              </Table.Td>
              <Table.Td className="number">{attempts}</Table.Td>
              <Table.Td>
                <Moment at={next_at} />
              </Table.Td>
              <Table.Td className="wrap">{last_error ?? '–'}</Table.Td>
              <Table.Td>
                <Moment at={created_at} />
              </Table.Td>
            </Table.Tr>
          ))}
        </DataTable>
      )}
    </Asked>
  );
}
