import { Alert, Stack, Text } from '@mantine/core';
import type { PlatformHealth } from '@kintsugi/contracts';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Copyable } from '../display/copyable.js';
import { PageHead } from '../display/page-head.js';
import { Panel } from '../display/panel.js';
import { EmptyState } from '../display/empty-state.js';
import { Asked } from '../display/states-of-asking.js';
import { useHealth } from '../layout/health-status.js';
import { useIsAdminOfAll } from '../session/session.js';
import { useTexts } from '../texts/language.js';
import { filteredSettings, settingsOf } from './domain/settings-of-services.js';
import { SettingsFilters } from './settings-filters.js';
import reference from './settings-reference.json' with { type: 'json' };
import { SettingsTable } from './settings-table.js';

const route = getRouteApi('/settings');

/** The settings in force of each service, beside what they are about and how they come. */
export function SettingsPage() {
  const say = useTexts();
  const maySee = useIsAdminOfAll();
  const health = useHealth();
  return (
    <>
      <PageHead title={say('nav.settings')} window={say('nav.settings')} />
      {maySee ? (
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {say('settings.about')}
          </Text>
          <Asked query={health}>{(value) => <Found processes={value.processes} />}</Asked>
          <Panel title={say('job.elsewhere')}>
            <Stack gap="xs">
              <Copyable label="CLI" text="./kintsugi health --json" />
              <Copyable label="HTTP" text="GET /health" />
            </Stack>
          </Panel>
        </Stack>
      ) : (
        <Alert color="blue">{say('settings.adminOnly')}</Alert>
      )}
    </>
  );
}

function Found({ processes }: Pick<PlatformHealth, 'processes'>) {
  const filter = route.useSearch();
  const navigate = useNavigate();
  const services = useMemo(() => settingsOf(processes, reference), [processes]);
  const found = filteredSettings(services, filter);
  return (
    <>
      <SettingsFilters
        key={filter.q}
        filter={filter}
        services={services.map(({ service }) => service)}
        onFilter={(search) => void navigate({ to: '/settings', search })}
      />
      {found.length === 0 && <EmptyState of="settings" />}
      {found.map((of) => (
        <Panel key={of.service} title={of.service} aside={<Text size="sm">{of.instances.join(', ')}</Text>}>
          <SettingsTable of={of} />
        </Panel>
      ))}
    </>
  );
}
