import { Anchor, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTexts } from '../texts/language.js';

export function NotFound() {
  const say = useTexts();
  return (
    <Stack align="flex-start">
      <Title order={1} size="h3">
        {say('missing.title')}
      </Title>
      <Text>{say('missing.text')}</Text>
      <Anchor component={Link} to="/">
        {say('missing.home')}
      </Anchor>
    </Stack>
  );
}
