import { Button, Stack, Table } from '@mantine/core';
import type { AlertSilencePage } from '@kintsugi/contracts';
import { useState } from 'react';
import { usePaged } from '../api/paged.js';
import { get } from '../api/request.js';
import { Confirmed, asking, type Deed } from '../display/confirmed.js';
import { DataTable } from '../display/data-table.js';
import { Moment } from '../display/moment.js';
import { MoreButton } from '../display/more-button.js';
import { Asked } from '../display/states-of-asking.js';
import { useMayOperate } from '../session/session.js';
import { useTexts, type Say } from '../texts/language.js';

const everyMs = 10_000;
const pageSize = 50;

/** Silences that have not ended. */
export function SilencesTable() {
  const say = useTexts();
  const [ending, end] = useState<string | null>(null);
  const silences = usePaged(
    ['alerts', 'silences'],
    (cursor, signal) => get<AlertSilencePage>('/v1/alert-silences', { limit: pageSize, cursor }, signal),
    everyMs,
  );
  return (
    <>
      <Asked query={silences}>
        {({ pages }) => (
          <Stack gap="xs">
            <DataTable
              empty={{ of: 'silences' }}
              heads={(['of', 'reason', 'until'] as const).map((head) => say(`silences.${head}`))}
              hasActions
            >
              {pages
                .flatMap((page) => page.items)
                .map((silence) => (
                  <Row key={silence.id} silence={silence} onEnd={() => end(silence.id)} />
                ))}
            </DataTable>
            <MoreButton query={silences} />
          </Stack>
        )}
      </Asked>
      <Confirmed deed={ending === null ? null : deedOf(ending, say)} onClose={() => end(null)} />
    </>
  );
}

function Row({ silence, onEnd }: { silence: AlertSilencePage['items'][number]; onEnd: () => void }) {
  const say = useTexts();
  const mayOperate = useMayOperate();
  const { condition, subject, reason, user_id, until } = silence;
  return (
    <Table.Tr>
      <Table.Td className="wrap">{[condition ?? say('silences.all'), subject].filter(Boolean).join(' · ')}</Table.Td>
      <Table.Td className="wrap">
        {reason} <span className="mono">({user_id})</span>
      </Table.Td>
      <Table.Td>
        <Moment at={until} />
      </Table.Td>
      <Table.Td>
        {mayOperate && (
          <Button size="compact-xs" variant="default" onClick={onEnd}>
            {say('silence.end')}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function deedOf(id: string, say: Say): Deed {
  return {
    title: say('silence.end'),
    about: say('silence.end.about'),
    refreshes: [['alerts']],
    command: `./kintsugi alerts unsilence ${id}`,
    ...asking('/job-operations', 'deleteAlertSilence', { id }, () => say('silence.end.done')),
  };
}
