import { Stack, Table, UnstyledButton } from '@mantine/core';
import type { AuditEntry, AuditPage } from '@kintsugi/contracts';
import { useState } from 'react';
import { usePaged } from '../api/paged.js';
import { get } from '../api/request.js';
import { DataTable } from '../display/data-table.js';
import { Moment } from '../display/moment.js';
import { MoreButton } from '../display/more-button.js';
import { Asked } from '../display/states-of-asking.js';
import { useTexts, type Say } from '../texts/language.js';
import { AuditEntryDrawer } from './audit-entry-drawer.js';
import { AuditPhase } from './audit-phase.js';
import { queryOf, type AuditFilter } from './domain/audit-filter.js';
import { shownChange } from './domain/what-changed.js';

const everyMs = 10_000;

/** Entries of the audit, newest first; one opens to all that it says. */
export function AuditTable({ filter }: { filter: AuditFilter }) {
  const [opened, open] = useState<AuditEntry | null>(null);
  const entries = usePaged(
    ['audit', filter],
    (cursor, signal) => get<AuditPage>('/v1/audit', { ...queryOf(filter, new Date()), limit: 50, cursor }, signal),
    everyMs,
  );
  return (
    <>
      <Asked query={entries}>
        {({ pages }) => (
          <Stack gap="xs">
            <Rows entries={pages.flatMap((page) => page.items)} onOpen={open} />
            <MoreButton query={entries} />
          </Stack>
        )}
      </Asked>
      <AuditEntryDrawer entry={opened} onClose={() => open(null)} />
    </>
  );
}

function Rows({ entries, onOpen }: { entries: readonly AuditEntry[]; onOpen: (entry: AuditEntry) => void }) {
  const say = useTexts();
  const heads = ['at', 'who', 'action', 'subject', 'outcome', 'changed'] as const;
  return (
    <DataTable empty={{ of: 'audit' }} verticalSpacing={6} highlightOnHover heads={heads.map((head) => say(`audit.${head}`))}>
      {entries.map((entry) => (
        <Table.Tr key={`${entry.service} ${entry.seq}`}>
          <Table.Td>
            <Moment at={entry.at} />
          </Table.Td>
          <Table.Td>{few(entry.by.map(({ actor }) => actor.name))}</Table.Td>
          <Table.Td>
            <UnstyledButton className="link mono" onClick={() => onOpen(entry)}>
              {entry.action}
            </UnstyledButton>
          </Table.Td>
          <Table.Td className="mono wrap">{few(entry.by.flatMap(({ subjects }) => subjects))}</Table.Td>
          <Table.Td>
            <AuditPhase entry={entry} />
          </Table.Td>
          <Table.Td className="wrap">{changeOf(entry, say)}</Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}

function changeOf(entry: AuditEntry, say: Say): string {
  if (entry.phase !== 'done' || (entry.before && entry.after)) return shownChange(entry) || '–';
  if (!entry.before && entry.after) return say('audit.made');
  return entry.before ? say('audit.gone') : '–';
}

/** The first of them, and how many others there are. */
function few(names: readonly string[]): string {
  const different = [...new Set(names)];
  return different.length > 1 ? `${different[0]} +${different.length - 1}` : (different[0] ?? '–');
}
