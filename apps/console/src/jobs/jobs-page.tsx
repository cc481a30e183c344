import { Button, Chip, Group, Pagination, Stack, Text } from '@mantine/core';
import type { JobHistoryPage } from '@kintsugi/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { act } from '../api/request.js';
import { BulkButtons } from '../bulk/bulk-buttons.js';
import { shownCount } from '../display/domain/shortened.js';
import { PageHead } from '../display/page-head.js';
import { Asked } from '../display/states-of-asking.js';
import { useTexts } from '../texts/language.js';
import { has, readSearch, toggled } from './domain/job-search.js';
import { JobsTable } from './jobs-table.js';
import { SavedViews } from './saved-views.js';
import { SearchBox, useGoToJobs } from './search-box.js';
import { useStill } from './still-rows.js';

const route = getRouteApi('/jobs');
const everyMs = 3_000;
const perPage = 50;
/** The last page that can be reached by its number. */
const pagesMax = 200;
const chips = ['running', 'pending', 'failed', 'paused', 'completed'] as const;

export function JobsPage() {
  const say = useTexts();
  const { q = '' } = route.useSearch();
  const goToJobs = useGoToJobs();
  const [page, turn] = useState(1);
  const [isLive, live] = useState(true);
  const search = (text: string): void => {
    turn(1);
    goToJobs(text);
  };
  const jobs = useQuery({
    queryKey: ['jobs', q, page],
    queryFn: ({ signal }) => {
      const { filters } = readSearch(q, new Date());
      return act('/job-operations', 'fetchJobHistory', { filters, pagination: { page, per_page: perPage } }, signal);
    },
    refetchInterval: isLive ? everyMs : false,
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PageHead title={say('nav.jobs')} window={say('nav.jobs')}>
        <SavedViews q={q} onSearch={search} />
        <Button size="compact-sm" variant="default" onClick={() => live(!isLive)} aria-pressed={!isLive}>
          {say(isLive ? 'jobs.pause' : 'jobs.live')}
        </Button>
      </PageHead>
      <Stack gap="sm">
        <SearchBox key={q} text={q} onSearch={search} types={jobs.data?.items.map(({ type }) => type) ?? []} />
        <Group gap="xs" justify="space-between">
          <Group gap="xs">
            {chips.map((status) => (
              <Chip
                key={status}
                size="xs"
                checked={has(q, 'status', status)}
                onChange={() => search(toggled(q, 'status', status))}
              >
                {say(`state.${status}`)}
              </Chip>
            ))}
          </Group>
          <BulkButtons filters={readSearch(q, new Date()).filters} />
        </Group>
        <Asked query={jobs}>
          {(found) => <Found key={`${page} ${q}`} found={found} page={page} turn={turn} isFiltered={q !== ''} />}
        </Asked>
      </Stack>
    </>
  );
}

interface FoundGiven {
  found: JobHistoryPage;
  page: number;
  turn: (page: number) => void;
  isFiltered: boolean;
}

function Found({ found, page, turn, isFiltered }: FoundGiven) {
  const say = useTexts();
  const { rows, waiting, hold, release, fresh } = useStill(found.items);
  const { total, total_is_capped } = found.pagination;
  const pages = Math.min(pagesMax, total_is_capped ? page + 5 : Math.ceil((total ?? 0) / perPage));
  return (
    <div onPointerEnter={hold} onPointerLeave={release}>
      <Group justify="space-between" mih={28}>
        <Text size="sm" c="dimmed">
          {say('jobs.found', { count: shownCount(total ?? rows.length, total_is_capped ? (total ?? Infinity) : Infinity) })}
        </Text>
        {waiting > 0 && (
          <Button size="compact-xs" variant="light" onClick={release}>
            {say('jobs.new', { count: waiting })}
          </Button>
        )}
      </Group>
      <JobsTable jobs={rows} fresh={fresh} empty={isFiltered ? 'jobsFound' : 'jobs'} />
      {pages > 1 && (
        <Pagination
          mt="md"
          size="sm"
          total={pages}
          value={page}
          onChange={turn}
          getControlProps={(control) => ({ 'aria-label': say(control === 'previous' ? 'page.previous' : 'page.next') })}
        />
      )}
    </div>
  );
}
