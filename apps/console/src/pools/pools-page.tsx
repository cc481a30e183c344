import { Alert, Anchor, Table } from '@mantine/core';
import type { ActionResponse } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { act } from '../api/request.js';
import { DataTable } from '../display/data-table.js';
import { PageHead } from '../display/page-head.js';
import { Asked } from '../display/states-of-asking.js';
import { Status } from '../display/status.js';
import { useTexts } from '../texts/language.js';

const everyMs = 10_000;

/** Pools of git working copies. */
export function PoolsPage() {
  const say = useTexts();
  const pools = useQuery({
    queryKey: ['pools'],
    queryFn: ({ signal }) => act('/pool-operations', 'listPools', {}, signal),
    refetchInterval: everyMs,
  });
  return (
    <>
      <PageHead title={say('nav.pools')} window={say('nav.pools')} />
      <Asked query={pools}>
        {({ items, hosts_away: away = [] }) => (
          <>
            {away.map(({ host, reason }) => (
              <Alert key={host} color="red" title={say('pools.away', { host })} mb="sm" role="alert">
                {reason}
              </Alert>
            ))}
            <PoolTable pools={items} hasHosts={away.length > 0 || new Set(items.map(({ host }) => host)).size > 1} />
          </>
        )}
      </Asked>
    </>
  );
}

/** The host is told where there are several. */
function PoolTable({ pools, hasHosts }: { pools: ActionResponse<'listPools'>['items']; hasHosts: boolean }) {
  const say = useTexts();
  const heads = ['name', ...(hasHosts ? (['host'] as const) : []), 'repository', 'branch', 'slots'] as const;
  return (
    <DataTable empty={{ of: 'pools' }} highlightOnHover heads={heads.map((head) => say(`pools.${head}`))}>
      {pools.map(({ name, host, repository_url, branch, states }) => (
        <Table.Tr key={`${host} ${name}`}>
          <Table.Td>
            <Anchor component={Link} to={`/pools/${name}`}>
              {name}
            </Anchor>
          </Table.Td>
          {hasHosts && <Table.Td className="mono">{host}</Table.Td>}
          <Table.Td className="wrap">{repository_url}</Table.Td>
          <Table.Td className="mono">{branch}</Table.Td>
          <Table.Td>
            {Object.entries(states)
              .filter(([, count]) => count > 0)
              .map(([state, count]) => (
                <span key={state} className="slot-count">
                  <Status state={state} /> {count}
                </span>
              ))}
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
