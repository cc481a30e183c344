import { Alert, Button, Card, Center, Code, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { describeFault } from '../api/problem.js';
import { useTexts } from '../texts/language.js';
import mark from '../theme/kintsugi.svg';
import { sessionKey, signIn } from './session.js';

/** Takes an API key and keeps none of it: the answer is a cookie that no script can read. */
export function SignIn() {
  const say = useTexts();
  const queries = useQueryClient();
  const [key, type] = useState('');
  const entering = useMutation({
    mutationFn: () => signIn(key.trim()),
    onSuccess: (session) => {
      type('');
      queries.setQueryData(sessionKey, session);
    },
  });
  return (
    <Center component="main" mih="100vh" p="md">
      <Card withBorder padding="xl" w={420} maw="100%">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            entering.mutate();
          }}
        >
          <Stack>
            <img src={mark} alt="" width="48" height="48" />
            <Title order={1} size="h3">
              {say('signIn.title')}
            </Title>
            <PasswordInput
              label={say('signIn.key')}
              placeholder="kin_…"
              value={key}
              onChange={(event) => type(event.currentTarget.value)}
              autoComplete="current-password"
              autoFocus
              required
              visibilityToggleButtonProps={{ 'aria-label': say('signIn.show') }}
            />
            {entering.error && (
              <Alert color="red" role="alert">
                {describeFault(entering.error)}
              </Alert>
            )}
            <Button type="submit" loading={entering.isPending}>
              {say('signIn.enter')}
            </Button>
            <Text size="sm" c="dimmed">
              {say('signIn.help')}
            </Text>
            <Code block tabIndex={0}>
              ./kintsugi keys create me --role operator
            </Code>
          </Stack>
        </form>
      </Card>
    </Center>
  );
}
