import { Button, CloseButton, Group, Popover, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { EmptyState } from '../display/empty-state.js';
import { useTexts } from '../texts/language.js';
import { readViews, withView, withoutView, type SavedView } from './domain/saved-views.js';

const stored = 'kintsugi.views';

/** Searches that the reader has kept in this browser, and a place to keep the one that is shown. */
export function SavedViews({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const say = useTexts();
  const [isOpen, open] = useState(false);
  const [views, show] = useState(() => readViews(localStorage.getItem(stored)));
  const keep = (next: SavedView[]): void => {
    localStorage.setItem(stored, JSON.stringify(next));
    show(next);
  };
  return (
    <Popover opened={isOpen} onChange={open} position="bottom-end" trapFocus shadow="md">
      <Popover.Target>
        <Button size="compact-sm" variant="default" onClick={() => open(!isOpen)} aria-expanded={isOpen}>
          {say('views.title')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={say('views.title')}>
        <Stack gap="xs" w={260}>
          {views.length === 0 && <EmptyState of="views" />}
          {views.map((view) => (
            <Group key={view.name} gap={4} wrap="nowrap" justify="space-between">
              <Button
                size="compact-sm"
                variant="subtle"
                title={view.q}
                onClick={() => {
                  open(false);
                  onSearch(view.q);
                }}
              >
                {view.name}
              </Button>
              <CloseButton
                size="sm"
                aria-label={say('views.remove', { name: view.name })}
                onClick={() => keep(withoutView(views, view.name))}
              />
            </Group>
          ))}
          <Keep onKeep={(name) => keep(withView(views, name, q))} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function Keep({ onKeep }: { onKeep: (name: string) => void }) {
  const say = useTexts();
  const [name, type] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onKeep(name);
        type('');
      }}
    >
      <Group gap="xs" wrap="nowrap" align="end">
        <TextInput
          size="xs"
          className="grow"
          label={say('views.name')}
          value={name}
          maxLength={40}
          onChange={(event) => type(event.currentTarget.value)}
        />
        <Button type="submit" size="xs" variant="default" disabled={name.trim() === ''}>
          {say('views.keep')}
        </Button>
      </Group>
    </form>
  );
}
