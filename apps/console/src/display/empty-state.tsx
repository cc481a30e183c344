import { Stack, Text } from '@mantine/core';
import { fill, type Values } from '../texts/fill.js';
import { useTexts } from '../texts/language.js';
import { Copyable } from './copyable.js';
import { fillingCommands, type EmptyPlace } from './domain/filling-commands.js';

export interface EmptyStateProps {
  of: EmptyPlace;
  /** What stands for the places of the text and of the command. */
  values?: Values;
}

/** Nothing is here: says what belongs here, and the command that fills it. */
export function EmptyState({ of, values }: EmptyStateProps) {
  const say = useTexts();
  return (
    <Stack gap="xs" py="md">
      <Text c="dimmed">{say(`empty.${of}`, values)}</Text>
      <Copyable text={fill(fillingCommands[of], values)} />
    </Stack>
  );
}
