import { Group, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';

/** The heading of a page, which names the window too. */
export function PageHead({ title, window, children }: { title: ReactNode; window: string; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${window} · Kintsugi`;
  }, [window]);
  return (
    <Group justify="space-between" align="center" mb="md" gap="sm">
      <Title order={1} size="h3">
        {title}
      </Title>
      {children && <Group gap="xs">{children}</Group>}
    </Group>
  );
}
