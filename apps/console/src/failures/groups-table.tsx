import { Anchor, Table } from '@mantine/core';
import type { FailureGroup } from '@kintsugi/contracts';
import { Link } from '@tanstack/react-router';
import { DataTable } from '../display/data-table.js';
import type { EmptyPlace } from '../display/domain/filling-commands.js';
import { Moment } from '../display/moment.js';
import { Spark } from '../display/spark.js';
import { Status } from '../display/status.js';
import { useTexts } from '../texts/language.js';
import { trendOf } from './domain/group-trend.js';

const tones = { regressed: 'bad', rising: 'bad', new: 'waiting', steady: 'held', quiet: 'off' } as const;

/** Groups of failures, a row each. */
export function GroupsTable({ groups, empty }: { groups: readonly FailureGroup[]; empty: EmptyPlace }) {
  const say = useTexts();
  return (
    <DataTable
      empty={{ of: empty }}
      verticalSpacing={8}
      highlightOnHover
      heads={(['message', 'trend', 'day', 'count', 'last', 'state', 'assignee'] as const).map((head) => say(`groups.${head}`))}
    >
      {groups.map((group) => (
        <Row key={group.id} group={group} />
      ))}
    </DataTable>
  );
}

function Row({ group }: { group: FailureGroup }) {
  const say = useTexts();
  const trend = trendOf(group, Date.now());
  const today = group.per_hour.reduce((sum, count) => sum + count, 0);
  return (
    <Table.Tr>
      <Table.Td miw={220}>
        <Anchor component={Link} to={`/failures/${group.id}`} size="sm" className="wrap">
          {group.title || group.error_type}
        </Anchor>
        <div className="mono wrap">{[group.error_type, ...group.job_types.slice(0, 3)].join(' · ')}</div>
      </Table.Td>
      <Table.Td>
        <span className={`status status-${tones[trend]}`}>{say(`trend.${trend}`)}</span>
      </Table.Td>
      <Table.Td>
        <Spark counts={group.per_hour} label={say('groups.dayLabel', { count: today.toLocaleString() })} />
      </Table.Td>
      <Table.Td className="number">{group.count.toLocaleString()}</Table.Td>
      <Table.Td>
        <Moment at={group.last_seen} />
      </Table.Td>
      <Table.Td>
        <Status state={group.state} />
      </Table.Td>
      <Table.Td>{group.assignee ?? '–'}</Table.Td>
    </Table.Tr>
  );
}
