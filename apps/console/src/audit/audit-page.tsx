import { Alert, Stack } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { withQuery } from '../api/request.js';
import { Copyable } from '../display/copyable.js';
import { PageHead } from '../display/page-head.js';
import { Panel } from '../display/panel.js';
import { useIsAdmin } from '../session/session.js';
import { useTexts } from '../texts/language.js';
import { AuditFilters } from './audit-filters.js';
import { AuditTable } from './audit-table.js';
import { commandOf, queryOf } from './domain/audit-filter.js';

const route = getRouteApi('/audit');

/** Who had what changed, newest first. */
export function AuditPage() {
  const say = useTexts();
  const filter = route.useSearch();
  const navigate = useNavigate();
  const isAdmin = useIsAdmin();
  const now = new Date();
  return (
    <>
      <PageHead title={say('nav.audit')} window={say('nav.audit')} />
      {isAdmin ? (
        <Stack gap="md">
          <AuditFilters
            key={JSON.stringify(filter)}
            filter={filter}
            onFilter={(search) => void navigate({ to: '/audit', search })}
          />
          <AuditTable filter={filter} />
          <Panel title={say('job.elsewhere')}>
            <Stack gap="xs">
              <Copyable label="CLI" text={commandOf(filter, now)} />
              <Copyable label="HTTP" text={`GET ${withQuery('/v1/audit', queryOf(filter, now))}`} />
            </Stack>
          </Panel>
          <Panel title={say('audit.proof')}>
            <Stack gap="xs">
              {say('audit.proofAbout')}
              <Copyable label="CLI" text="./kintsugi audit verify" />
              <Copyable label="CLI" text="./kintsugi audit export audit.json" />
            </Stack>
          </Panel>
        </Stack>
      ) : (
        <Alert color="blue">{say('admin.only')}</Alert>
      )}
    </>
  );
}
