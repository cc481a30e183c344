import { Button, Checkbox, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Choice } from '../display/choice.js';
import { useTexts } from '../texts/language.js';
import type { SettingsFilter } from './domain/settings-of-services.js';

interface SettingsFiltersProps {
  filter: SettingsFilter;
  services: readonly string[];
  onFilter: (filter: SettingsFilter) => void;
}

/** What of the settings is shown. Words are looked for by Enter, the others at once. */
export function SettingsFilters({ filter, services, onFilter }: SettingsFiltersProps) {
  const say = useTexts();
  const [typed, type] = useState(filter.q ?? '');
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onFilter({ ...filter, q: typed.trim() || undefined });
      }}
    >
      <Group align="end" gap="sm">
        <TextInput
          size="xs"
          type="search"
          className="grow"
          label={say('settings.search')}
          value={typed}
          onChange={(event) => type(event.currentTarget.value)}
        />
        <Button type="submit" size="xs" variant="default">
          {say('logs.find')}
        </Button>
        <Choice
          label={say('platform.service')}
          value={filter.service}
          values={services}
          width={170}
          onChange={(service) => onFilter({ ...filter, service })}
        />
        <Checkbox
          mb={6}
          label={say('settings.onlyChanged')}
          checked={filter.changed ?? false}
          onChange={(event) => onFilter({ ...filter, changed: event.currentTarget.checked || undefined })}
        />
      </Group>
    </form>
  );
}
