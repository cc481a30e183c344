import { Modal, Stack, Table, Text } from '@mantine/core';
import type { AlertConditionTest as Tested } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { act } from '../api/request.js';
import { Copyable } from '../display/copyable.js';
import { DataTable } from '../display/data-table.js';
import { httpOf } from '../display/domain/http-of.js';
import { Asked } from '../display/states-of-asking.js';
import { useTexts } from '../texts/language.js';

const shownMax = 50;

/** The figures of a condition now, whether it holds with them, and who would be told. Nobody is. */
export function ConditionTest({ name, onClose }: { name: string; onClose: () => void }) {
  const say = useTexts();
  const tested = useQuery({
    queryKey: ['alerts', 'test', name],
    queryFn: ({ signal }) => act('/job-operations', 'testAlertCondition', { name }, signal),
    staleTime: 0,
    retry: false,
  });
  return (
    <Modal opened onClose={onClose} title={say('condition.testOf', { name })} size="lg">
      <Stack gap="sm">
        <Asked query={tested}>{(value) => <Figures tested={value} />}</Asked>
        <Copyable label="CLI" text={`./kintsugi alerts test ${name}`} />
        <Copyable
          label="HTTP"
          text={httpOf({ endpoint: '/job-operations', body: { action: 'testAlertCondition', data: { name } } })}
        />
      </Stack>
    </Modal>
  );
}

function Figures({ tested: { known, values, told } }: { tested: Tested }) {
  const say = useTexts();
  if (!known) return <Text c="dimmed">{say('condition.unknown')}</Text>;
  return (
    <>
      <DataTable empty={{ of: 'figures' }} heads={(['of', 'now', 'holds'] as const).map((head) => say(`figures.${head}`))}>
        {values.slice(0, shownMax).map(({ subject, value, holds }) => (
          <Table.Tr key={subject}>
            <Table.Td className="wrap">{subject || say('figures.all')}</Table.Td>
            <Table.Td className="number">{value.toLocaleString(undefined, { maximumSignificantDigits: 6 })}</Table.Td>
            <Table.Td>
              <span className={`status status-${holds ? 'bad' : 'good'}`}>{say(holds ? 'figures.yes' : 'figures.no')}</span>
            </Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
      <Text size="sm">
        {told.length === 0 ? say('condition.tellsNobody') : say('condition.wouldTell', { webhooks: told.join(', ') })}
      </Text>
    </>
  );
}
