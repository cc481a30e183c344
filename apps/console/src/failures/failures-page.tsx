import { Button, Group, SegmentedControl, Stack } from '@mantine/core';
import type { GroupPage as Groups, GroupState } from '@kintsugi/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { get } from '../api/request.js';
import { PageHead } from '../display/page-head.js';
import { Asked, Empty } from '../display/states-of-asking.js';
import { useTexts } from '../texts/language.js';
import { byUrgency } from './domain/group-trend.js';
import { GroupsTable } from './groups-table.js';

const route = getRouteApi('/failures');
const everyMs = 5_000;
const states = ['open', 'acknowledged', 'resolved', 'ignored'] as const satisfies GroupState[];

/** The inbox of failures: what is wrong, by cause, and who sees to it. */
export function FailuresPage() {
  const say = useTexts();
  const { state = 'open' } = route.useSearch();
  const navigate = useNavigate();
  const groups = useInfiniteQuery({
    queryKey: ['groups', state],
    queryFn: ({ pageParam, signal }) =>
      get<Groups>('/v1/groups', { state: state === 'all' ? undefined : state, limit: 100, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    refetchInterval: everyMs,
  });
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
        <Asked query={groups}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            if (items.length === 0) return <Empty text={say('groups.none')} command="./kintsugi groups list --state resolved" />;
            return <GroupsTable groups={byUrgency(items, Date.now())} />;
          }}
        </Asked>
        {groups.hasNextPage && (
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => void groups.fetchNextPage()}
            loading={groups.isFetchingNextPage}
          >
            {say('page.more')}
          </Button>
        )}
      </Stack>
    </>
  );
}
