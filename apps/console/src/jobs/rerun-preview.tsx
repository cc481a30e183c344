import { Alert, List, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import type { RerunPlan } from '@kintsugi/contracts';
import { DataTable } from '../display/data-table.js';
import { shownDuration } from '../display/domain/durations.js';
import { Status } from '../display/status.js';
import { useTexts } from '../texts/language.js';

const shownTasks = 12;
const parts = ['rerun', 'reuse', 'left_out', 'refused'] as const;
const reasons = {
  selected: 'rerun.selected',
  downstream: 'rerun.downstream.because',
  upstream: 'rerun.upstream.because',
} as const;

/** What a rerun comes to: how much is run, kept, left out and refused, and the first of what is run or refused. */
export function RerunPreview({ plan }: { plan: RerunPlan }) {
  const say = useTexts();
  const { rerun, refused, warnings, definition, estimated_run_ms: estimated } = plan;
  const listed = refused.total > 0 ? refused : rerun;
  return (
    <Stack gap="xs" aria-live="polite">
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="xs">
        {parts.map((part) => (
          <div key={part} className={`tally${part === 'refused' && refused.total > 0 ? ' status-bad' : ''}`}>
            <Text size="xs">{say(`rerun.${part}`)}</Text>
            <Text size="lg" fw={650} className="tally-value">
              {plan[part].total.toLocaleString()}
            </Text>
          </div>
        ))}
      </SimpleGrid>
      {estimated !== null && (
        <Text size="sm" c="dimmed">
          {say('rerun.estimated', { duration: shownDuration(estimated) })}
        </Text>
      )}
      {definition.asked === 'latest' && (
        <Text size="sm">
          {definition.from === 'job'
            ? say('rerun.noLatest')
            : say('rerun.differs', {
                name: definition.name,
                count: definition.tasks_changed.toLocaleString(),
                fields: definition.differs.map(({ field }) => field).join(', ') || '–',
              })}
        </Text>
      )}
      {refused.total > 0 && <Text size="sm">{say('rerun.refusedText')}</Text>}
      {rerun.total === 0 && <Text size="sm">{say('rerun.nothing')}</Text>}
      {warnings.length > 0 && (
        <Alert color="orange" p="xs" title={say('rerun.warnings')}>
          <List size="sm">
            {warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {listed.total > 0 && (
        <DataTable empty={null} verticalSpacing={4} heads={[say('task.title'), say('jobs.status'), say('rerun.because')]}>
          {listed.tasks.slice(0, shownTasks).map((task) => (
            <Table.Tr key={task.task_id}>
              <Table.Td className="mono wrap">{task.key ?? task.task_id}</Table.Td>
              <Table.Td>
                <Status state={task.state} />
              </Table.Td>
              <Table.Td className="wrap">
                {'waits_for' in task ? say('rerun.waitsFor', { task: task.waits_for }) : say(reasons[task.because])}
              </Table.Td>
            </Table.Tr>
          ))}
        </DataTable>
      )}
      {listed.total > shownTasks && (
        <Text size="xs" c="dimmed">
          {say('rerun.others', { count: (listed.total - shownTasks).toLocaleString() })}
        </Text>
      )}
    </Stack>
  );
}
