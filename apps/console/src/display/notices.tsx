import { Notification, Stack } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { useTexts } from '../texts/language.js';

interface Notice {
  id: number;
  text: string;
  isFault: boolean;
}

const shownMs = 8_000;
let notices: readonly Notice[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function change(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

/** Tells the reader in a corner what has become of something. What went well goes by itself. */
export function notify(text: string, isFault = false): void {
  const id = (lastId += 1);
  change([...notices.slice(-3), { id, text, isFault }]);
  if (!isFault) setTimeout(() => close(id), shownMs);
}

function close(id: number): void {
  change(notices.filter((notice) => notice.id !== id));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Notices() {
  const say = useTexts();
  const shown = useSyncExternalStore(subscribe, () => notices);
  return (
    <Stack className="notices" gap="xs" aria-live="polite">
      {shown.map(({ id, text, isFault }) => (
        <Notification
          key={id}
          color={isFault ? 'red' : 'teal'}
          withBorder
          role={isFault ? 'alert' : 'status'}
          onClose={() => close(id)}
          closeButtonProps={{ 'aria-label': say('notice.close') }}
        >
          {text}
        </Notification>
      ))}
    </Stack>
  );
}
