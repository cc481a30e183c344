import { Alert, Button, Center, Loader, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { describeFault } from '../api/problem.js';
import { useTexts } from '../texts/language.js';

/** What was asked for, or that it is on its way, or why it cannot be had and what to do: from the first fault on, also while it is asked for again. */
export function Asked<Value>({ query, children }: { query: UseQueryResult<Value>; children: (value: Value) => ReactNode }) {
  const say = useTexts();
  const { data, error, failureReason, refetch } = query;
  const fault = error ?? (data === undefined ? failureReason : null);
  return (
    <>
      {fault && (
        <Alert color="red" title={say('asked.fault')} mb="sm" role="alert">
          <Stack gap="xs" align="flex-start">
            <Text size="sm">{describeFault(fault)}</Text>
            {error ? (
              <Button size="compact-sm" variant="default" onClick={() => void refetch()}>
                {say('asked.again')}
              </Button>
            ) : (
              <Text size="sm">{say('asked.trying')}</Text>
            )}
          </Stack>
        </Alert>
      )}
      {data === undefined && !fault && (
        <Center p="xl">
          <Loader role="status" aria-label={say('asked.loading')} />
        </Center>
      )}
      {data !== undefined && children(data)}
    </>
  );
}
