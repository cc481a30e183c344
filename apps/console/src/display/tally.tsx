import { Text } from '@mantine/core';

/** A figure under its name. */
export function Tally({ name, value }: { name: string; value: string }) {
  return (
    <>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text size="xl" fw={650} className="tally-value">
        {value}
      </Text>
    </>
  );
}
