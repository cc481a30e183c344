import { Alert, Button, Center, Loader, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { describeFault } from '../api/problem.js';
import { useTexts } from '../texts/language.js';

/** What was asked for, or that it is on its way, or why it cannot be had and what to do. */
export function Asked<Value>({ query, children }: { query: UseQueryResult<Value>; children: (value: Value) => ReactNode }) {
  const say = useTexts();
  const { data, error, refetch } = query;
  return (
    <>
      {error && (
        <Alert color="red" title={say('asked.fault')} mb="sm" role="alert">
          <Stack gap="xs" align="flex-start">
            <Text size="sm">{describeFault(error)}</Text>
            <Button size="compact-sm" variant="default" onClick={() => void refetch()}>
              {say('asked.again')}
            </Button>
          </Stack>
        </Alert>
      )}
      {data === undefined && !error && (
        <Center p="xl">
          <Loader role="status" aria-label={say('asked.loading')} />
        </Center>
      )}
      {data !== undefined && children(data)}
    </>
  );
}
