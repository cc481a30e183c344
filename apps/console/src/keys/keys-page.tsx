import { Alert, Button, Checkbox, Stack } from '@mantine/core';
import type { KeyList, KeyView } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../api/request.js';
import { Copyable } from '../display/copyable.js';
import { PageHead } from '../display/page-head.js';
import { Panel } from '../display/panel.js';
import { EmptyState } from '../display/empty-state.js';
import { Asked } from '../display/states-of-asking.js';
import { useIsAdminOfAll, useSession } from '../session/session.js';
import { useTexts } from '../texts/language.js';
import { KeyDialog, type KeyDeed } from './key-dialog.js';
import { KeysTable } from './keys-table.js';

const everyMs = 10_000;

/** Who may come in, and until when. */
export function KeysPage() {
  const say = useTexts();
  const isOff = useSession().data?.auth === 'off';
  const mayChange = useIsAdminOfAll() && !isOff;
  return (
    <>
      <PageHead title={say('nav.keys')} window={say('nav.keys')} />
      <Stack gap="md">
        {isOff && <EmptyState of="keysOff" />}
        {!isOff && !mayChange && <Alert color="blue">{say('apiKeys.adminOnly')}</Alert>}
        {mayChange && <Keys />}
      </Stack>
    </>
  );
}

function Keys() {
  const say = useTexts();
  const [showsOver, showOver] = useState(false);
  const [asked, ask] = useState<{ deed: KeyDeed; key: KeyView | null } | null>(null);
  const keys = useQuery({
    queryKey: ['keys'],
    queryFn: ({ signal }) => get<KeyList>('/v1/keys', {}, signal),
    refetchInterval: everyMs,
  });
  return (
    <>
      <Panel
        title={say('apiKeys.title')}
        aside={
          <Button size="compact-sm" onClick={() => ask({ deed: 'create', key: null })}>
            {say('key.create')}
          </Button>
        }
      >
        <Asked query={keys}>
          {({ items }) => (
            <Stack gap="sm">
              <KeysTable
                keys={items.filter(({ status }) => showsOver || status === 'good')}
                onAsk={(deed, key) => ask({ deed, key })}
              />
              <Checkbox
                label={say('apiKeys.showOver')}
                checked={showsOver}
                onChange={(event) => showOver(event.currentTarget.checked)}
              />
            </Stack>
          )}
        </Asked>
      </Panel>
      <Panel title={say('job.elsewhere')}>
        <Stack gap="xs">
          <Copyable label="CLI" text={showsOver ? './kintsugi keys list --all' : './kintsugi keys list'} />
          <Copyable label="HTTP" text="GET /v1/keys" />
        </Stack>
      </Panel>
      {asked && <KeyDialog deed={asked.deed} apiKey={asked.key} onClose={() => ask(null)} />}
    </>
  );
}
