import { Alert, Autocomplete, Button, Chip, Group, Pagination, Stack, Text } from '@mantine/core';
import type { JobHistoryPage } from '@kintsugi/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { act } from '../api/request.js';
import { BulkMenu } from '../bulk/bulk-menu.js';
import { shownCount } from '../display/domain/shortened.js';
import { PageHead } from '../display/page-head.js';
import { Asked, Empty } from '../display/states-of-asking.js';
import { useTexts } from '../texts/language.js';
import { completions, has, jobStatuses, readSearch, toggled } from './domain/job-search.js';
import { JobsTable } from './jobs-table.js';
import { SavedViews } from './saved-views.js';
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
  const navigate = useNavigate();
  const [page, turn] = useState(1);
  const [isLive, live] = useState(true);
  const search = (text: string): void => {
    turn(1);
    const { jobId } = readSearch(text, new Date());
    if (jobId) void navigate({ to: '/jobs/$jobId', params: { jobId } });
    else void navigate({ to: '/jobs', search: { q: text.trim() || undefined } });
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
        <BulkMenu filters={readSearch(q, new Date()).filters} />
        <Button size="compact-sm" variant="default" onClick={() => live(!isLive)} aria-pressed={!isLive}>
          {say(isLive ? 'jobs.pause' : 'jobs.live')}
        </Button>
      </PageHead>
      <Stack gap="sm">
        <SearchBox key={q} text={q} onSearch={search} types={jobs.data?.items.map(({ type }) => type) ?? []} />
        <Group gap="xs">
          {chips.map((status) => (
            <Chip key={status} size="xs" checked={has(q, 'status', status)} onChange={() => search(toggled(q, 'status', status))}>
              {say(`state.${status}`)}
            </Chip>
          ))}
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
  if (found.items.length === 0) {
    return isFiltered ? (
      <Empty text={say('jobs.noneFound')} />
    ) : (
      <Empty
        text={say('jobs.none')}
        command={`echo '{"payload": {"name": "Ada"}}' | ./kintsugi submit - --type greet --product demo --group readers`}
      />
    );
  }
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
      <JobsTable jobs={rows} fresh={fresh} />
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

function SearchBox({ text, onSearch, types }: { text: string; onSearch: (text: string) => void; types: string[] }) {
  const say = useTexts();
  const [typed, type] = useState(text);
  useEffect(() => type(text), [text]);
  const known = useMemo(() => ({ status: jobStatuses, type: [...new Set(types)], since: ['15m', '1h', '24h', '7d'] }), [types]);
  const { unknown } = readSearch(text, new Date());
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(typed);
      }}
    >
      <Autocomplete
        type="search"
        aria-label={say('jobs.search')}
        placeholder={say('jobs.searchHint')}
        value={typed}
        onChange={type}
        data={completions(typed, known)}
        filter={({ options }) => options}
        maxDropdownHeight={300}
      />
      {unknown.length > 0 && (
        <Alert color="orange" mt="xs" p="xs">
          {say('jobs.unknownParts', { parts: unknown.join(' ') })}
        </Alert>
      )}
    </form>
  );
}
