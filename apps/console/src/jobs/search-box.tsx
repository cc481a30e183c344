import { Alert, Autocomplete } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useTexts } from '../texts/language.js';
import { completions, jobStatuses, readSearch } from './domain/job-search.js';

/** Leads to the jobs that a search finds, or to the one that it names. */
export function useGoToJobs(): (text: string) => void {
  const navigate = useNavigate();
  return (text) => {
    const { jobId } = readSearch(text, new Date());
    if (jobId) void navigate({ to: '/jobs/$jobId', params: { jobId } });
    else void navigate({ to: '/jobs', search: { q: text.trim() || undefined } });
  };
}

interface SearchBoxProps {
  text: string;
  onSearch: (text: string) => void;
  /** Types of jobs that it completes. */
  types: readonly string[];
}

/** Where jobs are searched for by id, words and `field:value`. */
export function SearchBox({ text, onSearch, types }: SearchBoxProps) {
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
