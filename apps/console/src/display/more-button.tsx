import { Button, Group } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { useTexts } from '../texts/language.js';

type Asked = Pick<UseInfiniteQueryResult, 'hasNextPage' | 'fetchNextPage' | 'isFetchingNextPage'>;

/** Asks for the next page of a list, where there is one. */
export function MoreButton({ query: { hasNextPage, fetchNextPage, isFetchingNextPage } }: { query: Asked }) {
  const say = useTexts();
  if (!hasNextPage) return null;
  return (
    <Group>
      <Button variant="default" size="compact-sm" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
        {say('page.more')}
      </Button>
    </Group>
  );
}
