import { Drawer, Stack, Table, Text } from '@mantine/core';
import type { AuditEntry } from '@kintsugi/contracts';
import { DataTable } from '../display/data-table.js';
import { JsonValue } from '../display/json-value.js';
import { Moment } from '../display/moment.js';
import { useTexts } from '../texts/language.js';
import { AuditPhase } from './audit-phase.js';
import { fieldsOf, shownValue } from './domain/what-changed.js';

/** All that an entry of the audit says. */
export function AuditEntryDrawer({ entry, onClose }: { entry: AuditEntry | null; onClose: () => void }) {
  return (
    <Drawer opened={entry !== null} onClose={onClose} position="right" size="lg" title={entry?.action ?? ''}>
      {entry && <Entry entry={entry} />}
    </Drawer>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const say = useTexts();
  const fields = fieldsOf(entry);
  return (
    <Stack gap="md">
      <AuditPhase entry={entry} />
      {entry.problem && <Text size="sm">{entry.problem}</Text>}
      {fields.length > 0 && (
        <DataTable empty={null} heads={(['field', 'before', 'after'] as const).map((head) => say(`audit.${head}`))}>
          {fields.map(({ field, before, after, differs }) => (
            <Table.Tr key={field} className={differs ? 'fresh' : ''}>
              <Table.Td className="mono">{field}</Table.Td>
              <Table.Td className="wrap">{shownValue(before)}</Table.Td>
              <Table.Td className="wrap">{differs ? <b>{shownValue(after)}</b> : shownValue(after)}</Table.Td>
            </Table.Tr>
          ))}
        </DataTable>
      )}
      {entry.by.map(({ actor, tenant, request_id, subjects }) => (
        <dl key={`${actor.name} ${request_id} ${subjects[0]}`} className="facts">
          <dt>{say('audit.who')}</dt>
          <dd>
            {actor.name} ({actor.role})
          </dd>
          <dt>{say('audit.door')}</dt>
          <dd>{[actor.door, actor.address].filter(Boolean).join(' · ')}</dd>
          <dt>{say('fact.tenant')}</dt>
          <dd>{tenant ?? '–'}</dd>
          <dt>{say('audit.subject')}</dt>
          <dd className="mono">{subjects.join(', ') || '–'}</dd>
          <dt>{say('audit.request')}</dt>
          <dd className="mono">{request_id ?? '–'}</dd>
        </dl>
      ))}
      <JsonValue label={say('audit.given')} value={entry.given} />
      <dl className="facts">
        <dt>{say('audit.at')}</dt>
        <dd>
          <Moment at={entry.at} relative={false} />
        </dd>
        <dt>{say('audit.place')}</dt>
        <dd>{say('audit.placeOf', { seq: entry.seq, service: entry.service })}</dd>
        <dt>{say('audit.hash')}</dt>
        <dd className="mono">{entry.hash}</dd>
        <dt>{say('audit.previous')}</dt>
        <dd className="mono">{entry.previous}</dd>
        <dt>{say('audit.signedBy')}</dt>
        <dd className="mono">{entry.key_id ?? '–'}</dd>
      </dl>
    </Stack>
  );
}
