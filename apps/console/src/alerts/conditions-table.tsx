import { Button, Group, Stack, Table } from '@mantine/core';
import { alertSignals, type AlertConditionPage, type AlertConditionView } from '@kintsugi/contracts';
import { useState } from 'react';
import { usePaged } from '../api/paged.js';
import { get } from '../api/request.js';
import { DataTable } from '../display/data-table.js';
import { shownDuration } from '../display/domain/durations.js';
import { MoreButton } from '../display/more-button.js';
import { Asked } from '../display/states-of-asking.js';
import { useMayOperate } from '../session/session.js';
import { useTexts } from '../texts/language.js';
import { ConditionDialog } from './condition-dialog.js';
import { ConditionEnd } from './condition-end.js';
import { ConditionTest } from './condition-test.js';
import { SilenceDialog } from './silence-dialog.js';

const everyMs = 10_000;
const deeds = ['test', 'edit', 'silence', 'delete'] as const;

type ConditionDeed = (typeof deeds)[number];

/** What is looked at, by name. */
export function ConditionsTable() {
  const [asked, ask] = useState<{ deed: ConditionDeed; condition: AlertConditionView } | null>(null);
  const conditions = usePaged(
    ['alerts', 'conditions'],
    (cursor, signal) => get<AlertConditionPage>('/v1/alert-conditions', { limit: 100, cursor }, signal),
    everyMs,
  );
  return (
    <>
      <Asked query={conditions}>
        {({ pages }) => (
          <Stack gap="xs">
            <Rows conditions={pages.flatMap((page) => page.items)} onAsk={(deed, condition) => ask({ deed, condition })} />
            <MoreButton query={conditions} />
          </Stack>
        )}
      </Asked>
      {asked && <Dialog deed={asked.deed} condition={asked.condition} onClose={() => ask(null)} />}
    </>
  );
}

interface RowsProps {
  conditions: readonly AlertConditionView[];
  onAsk: (deed: ConditionDeed, condition: AlertConditionView) => void;
}

function Rows({ conditions, onAsk }: RowsProps) {
  const say = useTexts();
  const mayOperate = useMayOperate();
  const heads = ['condition', 'rule', 'for', 'severity', 'tells'] as const;
  return (
    <DataTable empty={{ of: 'conditions' }} verticalSpacing={8} heads={heads.map((head) => say(`conditions.${head}`))} hasActions>
      {conditions.map((condition) => (
        <Table.Tr key={`${condition.tenant} ${condition.name}`}>
          <Table.Td>
            {condition.name}
            {!condition.enabled && <div className="status status-off">{say('conditions.disabled')}</div>}
          </Table.Td>
          <Table.Td className="wrap" title={say(`signal.${condition.signal}`)}>
            <span className="mono">{condition.signal}</span> {condition.type && <span className="mono">({condition.type})</span>}{' '}
            {say(`conditions.${condition.fires}`, { threshold: condition.threshold.toLocaleString() })} {unitOf(condition)}
          </Table.Td>
          <Table.Td>{condition.for_s === 0 ? say('conditions.atOnce') : shownDuration(condition.for_s * 1_000)}</Table.Td>
          <Table.Td>{condition.severity}</Table.Td>
          <Table.Td className="wrap">{condition.notify.join(', ') || say('conditions.allWebhooks')}</Table.Td>
          <Table.Td>
            {mayOperate && (
              <Group gap={4} wrap="nowrap">
                {deeds.map((deed) => (
                  <Button key={deed} size="compact-xs" variant="default" onClick={() => onAsk(deed, condition)}>
                    {say(`condition.${deed}`)}
                  </Button>
                ))}
              </Group>
            )}
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}

/** A share has no unit. */
function unitOf({ signal }: AlertConditionView): string {
  const { unit } = alertSignals[signal];
  return unit === 'of 1' ? '' : unit;
}

function Dialog({ deed, condition, onClose }: { deed: ConditionDeed; condition: AlertConditionView; onClose: () => void }) {
  switch (deed) {
    case 'test':
      return <ConditionTest name={condition.name} onClose={onClose} />;
    case 'edit':
      return <ConditionDialog condition={condition} onClose={onClose} />;
    case 'silence':
      return <SilenceDialog condition={condition.name} onClose={onClose} />;
    case 'delete':
      return <ConditionEnd name={condition.name} onClose={onClose} />;
  }
}
