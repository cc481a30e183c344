import { Button, SegmentedControl, Stack } from '@mantine/core';
import { useState } from 'react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Copyable } from '../display/copyable.js';
import { PageHead } from '../display/page-head.js';
import { Panel } from '../display/panel.js';
import { useMayOperate } from '../session/session.js';
import { useTexts } from '../texts/language.js';
import { AlertsTable } from './alerts-table.js';
import { ConditionDialog } from './condition-dialog.js';
import { ConditionsTable } from './conditions-table.js';
import { SilenceDialog } from './silence-dialog.js';
import { SilencesTable } from './silences-table.js';

const route = getRouteApi('/alerts');

/** What fires and what is over, what is looked at, and what is kept quiet. */
export function AlertsPage() {
  const say = useTexts();
  const { state } = route.useSearch();
  const navigate = useNavigate();
  const mayOperate = useMayOperate();
  const [asked, ask] = useState<'condition' | 'silence' | null>(null);
  return (
    <>
      <PageHead title={say('nav.alerts')} window={say('nav.alerts')}>
        {mayOperate && <Button onClick={() => ask('condition')}>{say('condition.create')}</Button>}
      </PageHead>
      <Stack gap="md">
        <Panel
          title={say('alerts.incidents')}
          aside={
            <SegmentedControl
              size="xs"
              aria-label={say('alerts.filter')}
              value={state ?? 'open'}
              onChange={(chosen) => void navigate({ to: '/alerts', search: { state: chosen === 'open' ? undefined : chosen } })}
              data={(['open', 'resolved'] as const).map((value) => ({ value, label: say(`alerts.${value}`) }))}
            />
          }
        >
          <AlertsTable isHistory={state === 'resolved'} />
        </Panel>
        <Panel title={say('alerts.conditions')}>
          <ConditionsTable />
        </Panel>
        <Panel
          title={say('alerts.silences')}
          aside={
            mayOperate && (
              <Button size="compact-sm" variant="default" onClick={() => ask('silence')}>
                {say('silence.create')}
              </Button>
            )
          }
        >
          <SilencesTable />
        </Panel>
        <Panel title={say('job.elsewhere')}>
          <Stack gap="xs">
            <Copyable label="CLI" text={state === 'resolved' ? './kintsugi alerts history' : './kintsugi alerts'} />
            <Copyable label="HTTP" text={`GET /v1/alerts${state === 'resolved' ? '?state=resolved' : ''}`} />
          </Stack>
        </Panel>
      </Stack>
      {asked === 'condition' && <ConditionDialog condition={null} onClose={() => ask(null)} />}
      {asked === 'silence' && <SilenceDialog condition={null} onClose={() => ask(null)} />}
    </>
  );
}
