import { Button, Table } from '@mantine/core';
import type { AlertSilencePage } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../api/request.js';
import { Confirmed, asking, type Deed } from '../display/confirmed.js';
import { DataTable } from '../display/data-table.js';
import { Moment } from '../display/moment.js';
import { Asked, Empty } from '../display/states-of-asking.js';
import { useMayOperate } from '../session/session.js';
import { useTexts, type Say } from '../texts/language.js';

const everyMs = 10_000;
const shownMax = 200;

/** Silences that have not ended. */
export function SilencesTable() {
  const say = useTexts();
  const mayOperate = useMayOperate();
  const [ending, end] = useState<string | null>(null);
  const silences = useQuery({
    queryKey: ['alerts', 'silences'],
    queryFn: ({ signal }) => get<AlertSilencePage>('/v1/alert-silences', { limit: shownMax }, signal),
    refetchInterval: everyMs,
  });
  return (
    <>
      <Asked query={silences}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty text={say('silences.none')} command="./kintsugi alerts silence --minutes 30 --reason 'a deployment'" />
          ) : (
            <DataTable heads={(['of', 'reason', 'until'] as const).map((head) => say(`silences.${head}`))} hasActions>
              {items.map(({ id, condition, subject, reason, user_id, until }) => (
                <Table.Tr key={id}>
                  <Table.Td className="wrap">{[condition ?? say('silences.all'), subject].filter(Boolean).join(' · ')}</Table.Td>
                  <Table.Td className="wrap">
                    {reason} <span className="mono">({user_id})</span>
                  </Table.Td>
                  <Table.Td>
                    <Moment at={until} />
                  </Table.Td>
                  <Table.Td>
                    {mayOperate && (
                      <Button size="compact-xs" variant="default" onClick={() => end(id)}>
                        {say('silence.end')}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </DataTable>
          )
        }
      </Asked>
      <Confirmed deed={ending === null ? null : deedOf(ending, say)} onClose={() => end(null)} />
    </>
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
