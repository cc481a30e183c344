import { Stack, Table, Text } from '@mantine/core';
import type { ActionResponse, RetryConfig } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { get } from '../api/request.js';
import { Copyable } from '../display/copyable.js';
import { DataTable } from '../display/data-table.js';
import { EmptyState } from '../display/empty-state.js';
import { PageHead } from '../display/page-head.js';
import { Panel } from '../display/panel.js';
import { Asked } from '../display/states-of-asking.js';
import { useTexts } from '../texts/language.js';
import { shownCondition, shownDelays } from './domain/policy-words.js';

/** How failures are retried, by error type. */
export function PoliciesPage() {
  const say = useTexts();
  const policies = useQuery({
    queryKey: ['policies'],
    queryFn: ({ signal }) => get<ActionResponse<'listRetryConfigs'>>('/v1/retry-configs', {}, signal),
  });
  return (
    <>
      <PageHead title={say('nav.policies')} window={say('nav.policies')} />
      <Stack gap="md">
        <Asked query={policies}>
          {(value) => (
            <Panel title={say('policies.title')}>
              <PolicyTable policies={[value.default, ...setByType(value.items)]} />
              {setByType(value.items).length === 0 && <EmptyState of="policies" />}
            </Panel>
          )}
        </Asked>
        <Panel title={say('job.elsewhere')}>
          <Stack gap="xs">
            <Text size="sm" c="dimmed">
              {say('policies.about')}
            </Text>
            <Copyable label="CLI" text="./kintsugi policy list" />
            <Copyable label="HTTP" text="GET /v1/retry-configs" />
          </Stack>
        </Panel>
      </Stack>
    </>
  );
}

/** Those that were set for some types of error. */
function setByType(policies: readonly RetryConfig[]): RetryConfig[] {
  return policies.filter(({ error_type }) => error_type !== '*');
}

function PolicyTable({ policies }: { policies: readonly RetryConfig[] }) {
  const say = useTexts();
  return (
    <DataTable
      empty={null}
      heads={(['errorType', 'attempts', 'delays', 'conditions'] as const).map((head) => say(`policies.${head}`))}
    >
      {policies.map((policy) => (
        <Table.Tr key={policy.error_type}>
          <Table.Td className="mono">
            <Link to="/policies/$errorType" params={{ errorType: policy.error_type }} className="link">
              {policy.error_type === '*' ? say('policies.others') : policy.error_type}
            </Link>
          </Table.Td>
          <Table.Td className="number">{policy.max_attempts}</Table.Td>
          <Table.Td>{shownDelays(policy)}</Table.Td>
          <Table.Td className="mono wrap">{policy.retry_conditions.map(shownCondition).join(', ') || '–'}</Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
