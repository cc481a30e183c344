import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import type { JobDeed } from '../jobs/domain/job-progress.js';
import type { HistoryFilters } from '../jobs/domain/job-search.js';
import { useMayOperate } from '../session/session.js';
import { useTexts } from '../texts/language.js';
import { BulkDialog } from './bulk-dialog.js';
import { bulkDeeds, filtersFor } from './domain/bulk-deeds.js';

/** What a reader who may can do with all jobs of a search. */
export function BulkMenu({ filters }: { filters: HistoryFilters }) {
  const say = useTexts();
  const mayOperate = useMayOperate();
  const [asked, ask] = useState<{ deed: JobDeed; filters: HistoryFilters } | null>(null);
  if (!mayOperate) return null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="compact-sm" variant="default">
            {say('bulk.title')} …
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {bulkDeeds.map((deed) => {
            const found = filtersFor(deed, filters);
            return (
              <Menu.Item key={deed} disabled={found === null} onClick={() => found && ask({ deed, filters: found })}>
                {say(`deed.${deed}`)}
              </Menu.Item>
            );
          })}
        </Menu.Dropdown>
      </Menu>
      {asked && <BulkDialog deed={asked.deed} filters={asked.filters} onClose={() => ask(null)} />}
    </>
  );
}
