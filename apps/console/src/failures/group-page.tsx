import { Group, SimpleGrid, Stack, Text } from '@mantine/core';
import type { ErrorPage, GroupDetails } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { get } from '../api/request.js';
import { Copyable } from '../display/copyable.js';
import { Moment } from '../display/moment.js';
import { PageHead } from '../display/page-head.js';
import { Panel } from '../display/panel.js';
import { Spark } from '../display/spark.js';
import { EmptyState } from '../display/empty-state.js';
import { Asked } from '../display/states-of-asking.js';
import { Status } from '../display/status.js';
import { JobLink } from '../jobs/job-link.js';
import { useTexts } from '../texts/language.js';
import { countOf } from './domain/group-records.js';
import { ErrorRecordView } from './error-record-view.js';
import { GroupDeeds } from './group-deeds.js';
import { GroupRecoveries } from './group-recoveries.js';
import { PolicyLab } from './policy-lab.js';

const route = getRouteApi('/failures/$groupId');
const everyMs = 5_000;
const samplesMax = 10;

/** One cause of failures: what it is, what it has struck, and what is done about it. */
export function GroupPage() {
  const { groupId } = route.useParams();
  const group = useQuery({
    queryKey: ['groups', 'one', groupId],
    queryFn: ({ signal }) => get<GroupDetails>(`/v1/groups/${encodeURIComponent(groupId)}`, {}, signal),
    refetchInterval: everyMs,
  });
  return <Asked query={group}>{(value) => <Shown group={value} />}</Asked>;
}

function Shown({ group }: { group: GroupDetails }) {
  const say = useTexts();
  return (
    <>
      <PageHead
        window={group.error_type}
        title={
          <Group gap="sm" component="span">
            <span className="wrap">{group.title || group.error_type}</span>
            <Status state={group.state} />
          </Group>
        }
      >
        <GroupDeeds group={group} />
      </PageHead>
      <Stack gap="md">
        <Copyable text={group.id} />
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Panel title={say('group.facts')}>
            <Facts group={group} />
          </Panel>
          <Panel title={say('group.struck')}>
            <Struck group={group} />
          </Panel>
        </SimpleGrid>
        <GroupRecoveries groupId={group.id} />
        <SamplesAndLab groupId={group.id} />
        <Panel title={say('job.elsewhere')}>
          <Stack gap="xs">
            <Copyable label="CLI" text={`./kintsugi groups show ${group.id}`} />
            <Copyable label="HTTP" text={`GET /v1/groups/${group.id}`} />
          </Stack>
        </Panel>
      </Stack>
    </>
  );
}

function Facts({ group }: { group: GroupDetails }) {
  const say = useTexts();
  const today = group.per_hour.reduce((sum, count) => sum + count, 0);
  return (
    <dl className="facts">
      <dt>{say('errors.type')}</dt>
      <dd className="mono">{group.error_type}</dd>
      <dt>{say('group.template')}</dt>
      <dd className="mono">{group.title}</dd>
      <dt>{say('group.seen')}</dt>
      <dd>
        <Moment at={group.first_seen} /> – <Moment at={group.last_seen} />
      </dd>
      <dt>{say('groups.count')}</dt>
      <dd>{group.count.toLocaleString()}</dd>
      <dt>{say('groups.day')}</dt>
      <dd>
        <Spark counts={group.per_hour} label={say('groups.dayLabel', { count: today.toLocaleString() })} />
      </dd>
      {group.regressions > 0 && (
        <>
          <dt>{say('group.regressions')}</dt>
          <dd>
            {group.regressions} · <Moment at={group.regressed_at} />
          </dd>
        </>
      )}
      <dt>{say('groups.assignee')}</dt>
      <dd>{group.assignee ?? '–'}</dd>
      <dt>{say('group.note')}</dt>
      <dd>{group.note ?? '–'}</dd>
      {group.frames.length > 0 && (
        <>
          <dt>{say('group.frames')}</dt>
          <dd className="mono">{group.frames.join(' ← ')}</dd>
        </>
      )}
    </dl>
  );
}

function Struck({ group }: { group: GroupDetails }) {
  const say = useTexts();
  const { records } = group;
  return (
    <Stack gap="xs">
      <Text size="sm">
        {say(records.of_newest === null ? 'group.records' : 'group.newestRecords', {
          count: records.count.toLocaleString(),
          newest: (records.of_newest ?? 0).toLocaleString(),
          jobs: records.jobs.toLocaleString(),
        })}
      </Text>
      <Group gap="md">
        {Object.entries(records.by_status).map(([status, count]) => (
          <Text key={status} size="sm">
            {say(`recovery.${status as 'pending'}`)} <b>{count.toLocaleString()}</b>
          </Text>
        ))}
      </Group>
      {records.waiting > 0 && (
        <Text size="sm" className="status-bad">
          {say('group.waiting', { count: countOf(group, 'waiting') })}
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {[...group.job_types, ...group.versions].join(', ')}
      </Text>
      {group.recent_job_ids.slice(0, 10).map((id) => (
        <JobLink key={id} id={id} />
      ))}
    </Stack>
  );
}

/** The newest errors of the group, and a policy tried on the first of them. */
function SamplesAndLab({ groupId }: { groupId: string }) {
  const say = useTexts();
  const records = useQuery({
    queryKey: ['groups', 'samples', groupId],
    queryFn: ({ signal }) => get<ErrorPage>('/v1/errors', { group_id: groupId, limit: samplesMax }, signal),
    refetchInterval: everyMs,
  });
  const newest = records.data?.items[0];
  return (
    <>
      <Panel title={say('group.samples')}>
        <Asked query={records}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState of="groupRecords" />
            ) : (
              <Stack gap="xs">
                {items.map((record) => (
                  <ErrorRecordView key={record.id} record={record} showsJob />
                ))}
              </Stack>
            )
          }
        </Asked>
      </Panel>
      {newest && <PolicyLab key={newest.error_type} record={newest} />}
    </>
  );
}
