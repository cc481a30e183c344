import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import type { JobDeed } from '../jobs/domain/job-progress.js';
import type { HistoryFilters } from '../jobs/domain/job-search.js';
import { useMayOperate } from '../session/session.js';
import { useTexts } from '../texts/language.js';
import { BulkDialog } from './bulk-dialog.js';
import { bulkDeeds, filtersFor } from './domain/bulk-deeds.js';

interface BulkGiven {
  filters: HistoryFilters;
  /** What is offered of what can be done to some of them. */
  deeds?: readonly JobDeed[];
}

/** What a reader who may can do with all jobs of a search, a button each. */
export function BulkButtons({ filters, deeds = bulkDeeds }: BulkGiven) {
  const say = useTexts();
  const mayOperate = useMayOperate();
  const [asked, ask] = useState<{ deed: JobDeed; filters: HistoryFilters } | null>(null);
  if (!mayOperate) return null;
  return (
    <>
      <Group gap={4}>
        {deeds.map((deed) => {
          const found = filtersFor(deed, filters);
          return (
            found && (
              <Button key={deed} size="compact-xs" variant="default" onClick={() => ask({ deed, filters: found })}>
                {say('bulk.all', { deed: say(`deed.${deed}`) })}
              </Button>
            )
          );
        })}
      </Group>
      {asked && <BulkDialog deed={asked.deed} filters={asked.filters} onClose={() => ask(null)} />}
    </>
  );
}
