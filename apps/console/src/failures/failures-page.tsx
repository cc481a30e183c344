import { Group, SegmentedControl, Stack } from '@mantine/core';
import type { GroupPage as Groups, GroupState } from '@kintsugi/contracts';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { usePaged } from '../api/paged.js';
import { get } from '../api/request.js';
import { MoreButton } from '../display/more-button.js';
import { PageHead } from '../display/page-head.js';
import { Asked } from '../display/states-of-asking.js';
import { useTexts } from '../texts/language.js';
import { byUrgency } from './domain/group-trend.js';
import { GroupsTable } from './groups-table.js';
import { WaitingRecoveries } from './waiting-recoveries.js';

const route = getRouteApi('/failures');
const everyMs = 5_000;
const states = ['open', 'acknowledged', 'resolved', 'ignored'] as const satisfies GroupState[];

/** The inbox of failures: what is wrong, by cause, and who sees to it. */
export function FailuresPage() {
  const say = useTexts();
  const { state = 'open' } = route.useSearch();
  const navigate = useNavigate();
  const groups = usePaged(
    ['groups', state],
    (cursor, signal) => get<Groups>('/v1/groups', { state: state === 'all' ? undefined : state, limit: 100, cursor }, signal),
    everyMs,
  );
  return (
    <>
      <PageHead title={say('nav.failures')} window={say('nav.failures')} />
      <Stack gap="sm">
        <Group>
          <SegmentedControl
            size="xs"
            aria-label={say('groups.filter')}
            value={state}
            onChange={(chosen) => void navigate({ to: '/failures', search: { state: chosen === 'open' ? undefined : chosen } })}
            data={[
              ...states.map((value) => ({ value, label: say(`state.${value}`) })),
              { value: 'all', label: say('groups.all') },
            ]}
          />
        </Group>
        <WaitingRecoveries teaches />
        <Asked query={groups}>
          {({ pages }) => (
            <GroupsTable
              groups={byUrgency(
                pages.flatMap((page) => page.items),
                Date.now(),
              )}
              empty={state === 'open' || state === 'all' ? 'groups' : 'groupsInState'}
            />
          )}
        </Asked>
        <MoreButton query={groups} />
      </Stack>
    </>
  );
}
