import { Anchor, Table } from '@mantine/core';
import type { WebhookPage } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { get } from '../api/request.js';
import { DataTable } from '../display/data-table.js';
import { Moment } from '../display/moment.js';
import { PageHead } from '../display/page-head.js';
import { Asked } from '../display/states-of-asking.js';
import { useTexts } from '../texts/language.js';
import { WebhookState } from './webhook-state.js';

const everyMs = 5_000;
const shownMax = 200;

/** Addresses to which events are posted, and how that goes. */
export function WebhooksPage() {
  const say = useTexts();
  const webhooks = useQuery({
    queryKey: ['webhooks'],
    queryFn: ({ signal }) => get<WebhookPage>('/v1/webhooks', { limit: shownMax }, signal),
    refetchInterval: everyMs,
  });
  return (
    <>
      <PageHead title={say('nav.webhooks')} window={say('nav.webhooks')} />
      <Asked query={webhooks}>{({ items }) => <Rows webhooks={items} />}</Asked>
    </>
  );
}

function Rows({ webhooks }: { webhooks: WebhookPage['items'] }) {
  const say = useTexts();
  const heads = ['name', 'state', 'url', 'events', 'delivered', 'dead', 'last'] as const;
  return (
    <DataTable
      empty={{ of: 'webhooks' }}
      verticalSpacing={8}
      highlightOnHover
      heads={heads.map((head) => say(`webhooks.${head}`))}
    >
      {webhooks.map((webhook) => (
        <Table.Tr key={`${webhook.tenant} ${webhook.name}`}>
          <Table.Td>
            <Anchor component={Link} to={`/webhooks/${webhook.name}`} size="sm">
              {webhook.name}
            </Anchor>
          </Table.Td>
          <Table.Td>
            <WebhookState webhook={webhook} />
          </Table.Td>
          <Table.Td className="wrap">{webhook.url}</Table.Td>
          <Table.Td className="wrap">{webhook.events.join(', ')}</Table.Td>
          <Table.Td className="number">{webhook.delivered.toLocaleString()}</Table.Td>
          <Table.Td className={`number${webhook.dead > 0 ? ' status-bad' : ''}`}>{webhook.dead.toLocaleString()}</Table.Td>
          <Table.Td>
            <Moment at={webhook.last_delivered_at} />
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
