import { Stack, Table, Text } from '@mantine/core';
import type { AlertPage, AlertView } from '@kintsugi/contracts';
import { usePaged } from '../api/paged.js';
import { get } from '../api/request.js';
import { DataTable } from '../display/data-table.js';
import { Moment } from '../display/moment.js';
import { MoreButton } from '../display/more-button.js';
import { Asked } from '../display/states-of-asking.js';
import { useTexts } from '../texts/language.js';

const everyMs = 5_000;
const tones = { pending: 'waiting', firing: 'bad', resolved: 'good' } as const;

/** Alerts of conditions, and incidents of Alertmanager: those that are open, or those that are over. */
export function AlertsTable({ isHistory }: { isHistory: boolean }) {
  const say = useTexts();
  const alerts = usePaged(
    ['alerts', 'list', isHistory],
    (cursor, signal) => get<AlertPage>('/v1/alerts', { state: isHistory ? 'resolved' : undefined, limit: 50, cursor }, signal),
    everyMs,
  );
  const heads = ['state', 'name', 'summary', 'since', 'told'] as const;
  return (
    <Asked query={alerts}>
      {({ pages }) => (
        <Stack gap="xs">
          <DataTable
            empty={{ of: isHistory ? 'alertsOver' : 'alerts' }}
            verticalSpacing={8}
            heads={heads.map((head) => say(`alerts.${head}`))}
          >
            {pages
              .flatMap((page) => page.items)
              .map((alert) => (
                <Row key={alert.id} alert={alert} />
              ))}
          </DataTable>
          <MoreButton query={alerts} />
        </Stack>
      )}
    </Asked>
  );
}

function Row({ alert }: { alert: AlertView }) {
  const say = useTexts();
  return (
    <Table.Tr>
      <Table.Td>
        <span className={`status status-${tones[alert.state]}`}>{say(`alert.${alert.state}`)}</span>
        <div className="mono">{alert.severity}</div>
      </Table.Td>
      <Table.Td className="wrap">
        {alert.name}
        <div className="mono">
          {[alert.subject, alert.source === 'alertmanager' && 'Alertmanager'].filter(Boolean).join(' · ')}
        </div>
      </Table.Td>
      <Table.Td className="wrap">
        {alert.summary}
        {alert.recovery && (
          <Text size="xs" c="dimmed">
            {alert.recovery.action} {alert.recovery.target}: {say(`alert.recovery.${alert.recovery.state}`)}{' '}
            {alert.recovery.detail}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Moment at={alert.since} />
        {alert.resolved_at && (
          <>
            {' – '}
            <Moment at={alert.resolved_at} />
          </>
        )}
      </Table.Td>
      <Table.Td className="wrap">
        {alert.hushed_by === null ? <Moment at={alert.told_at} /> : say('alert.hushed', { why: alert.hushed_by })}
      </Table.Td>
    </Table.Tr>
  );
}
