import { Stack, Table } from '@mantine/core';
import type { AlertView } from '@kintsugi/contracts';
import { Link } from '@tanstack/react-router';
import { DataTable } from '../display/data-table.js';
import { countOrMore } from '../display/domain/shortened.js';
import { Moment } from '../display/moment.js';
import { Panel } from '../display/panel.js';
import { useTexts } from '../texts/language.js';
import { useFiring } from './home-queries.js';

const shownMax = 5;

/** What fires and is kept quiet by nothing, the newest first; nothing where nothing does. The verdict says where that cannot be had. */
export function FiringAlerts() {
  const say = useTexts();
  const { alerts, isCapped } = useFiring().data ?? { alerts: [], isCapped: false };
  if (alerts.length === 0) return null;
  const others = alerts.length - shownMax;
  return (
    <Panel title={say('home.firing')}>
      <Stack gap="xs">
        <DataTable
          empty={null}
          verticalSpacing={6}
          heads={(['name', 'summary', 'since'] as const).map((head) => say(`alerts.${head}`))}
        >
          {alerts.slice(0, shownMax).map((alert) => (
            <Row key={alert.id} alert={alert} />
          ))}
        </DataTable>
        {others > 0 && (
          <Link to="/alerts" className="link">
            {say('home.moreRunning', { count: countOrMore(others, isCapped) })}
          </Link>
        )}
      </Stack>
    </Panel>
  );
}

function Row({ alert: { name, severity, subject, summary, since } }: { alert: AlertView }) {
  return (
    <Table.Tr>
      <Table.Td className="wrap">
        <Link to="/alerts" className="link">
          {name}
        </Link>
        <div className="mono">{[severity, subject].filter(Boolean).join(' · ')}</div>
      </Table.Td>
      <Table.Td className="wrap">{summary}</Table.Td>
      <Table.Td>
        <Moment at={since} />
      </Table.Td>
    </Table.Tr>
  );
}
