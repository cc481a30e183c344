import { Button, Select, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { signOut, type Session } from '../session/session.js';
import { languages, useLanguage, useTexts, type Language } from '../texts/language.js';

/** How the reader wants it, and who he is. */
export function Preferences({ session }: { session: Session }) {
  const say = useTexts();
  const { language, speak } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Stack gap="xs" p="xs">
      <Select
        size="xs"
        label={say('preferences.theme')}
        allowDeselect={false}
        value={colorScheme}
        data={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: say(`preferences.${value}`) }))}
        onChange={(value) => value && setColorScheme(value)}
      />
      <Select
        size="xs"
        label={say('preferences.language')}
        allowDeselect={false}
        value={language}
        data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
        onChange={(value) => value && speak(value as Language)}
      />
      {session.auth === 'on' && <Account session={session} />}
    </Stack>
  );
}

function Account({ session }: { session: Session }) {
  const say = useTexts();
  const queries = useQueryClient();
  const leaving = useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      queries.clear();
      window.location.reload();
    },
  });
  return (
    <>
      <Text size="xs" c="dimmed" className="wrap">
        {say('account.who', { key: session.key_id ?? '', role: session.role ?? '' })}
      </Text>
      <Button size="compact-sm" variant="default" onClick={() => leaving.mutate()} loading={leaving.isPending}>
        {say('account.leave')}
      </Button>
    </>
  );
}
