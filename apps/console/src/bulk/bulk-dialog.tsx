import { Alert, Button, Group, Modal, Progress, Stack, Text, TextInput } from '@mantine/core';
import type { JobHistoryPage } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { act } from '../api/request.js';
import { shortId, shownCount } from '../display/domain/shortened.js';
import { Asked } from '../display/states-of-asking.js';
import { Status } from '../display/status.js';
import { isDestructive, type JobDeed } from '../jobs/domain/job-progress.js';
import type { HistoryFilters } from '../jobs/domain/job-search.js';
import { useTexts } from '../texts/language.js';
import { bulkJobsMax, jobsOfRun } from './domain/bulk-deeds.js';
import type { BulkProgress } from './domain/run-bulk.js';
import { useBulk } from './use-bulk.js';

const sampleJobs = 5;

interface BulkDialogProps {
  deed: JobDeed;
  /** The jobs that it is about, in states in which it can be done. */
  filters: HistoryFilters;
  onClose: () => void;
}

/** Does one thing to all jobs of a search: says how many they are and shows some, before anything is done. */
export function BulkDialog({ deed, filters, onClose }: BulkDialogProps) {
  const say = useTexts();
  const bulk = useBulk(deed, filters);
  const found = useQuery({
    queryKey: ['bulk', deed, filters],
    queryFn: ({ signal }) =>
      act('/job-operations', 'fetchJobHistory', { filters, pagination: { page: 1, per_page: sampleJobs } }, signal),
    enabled: bulk.progress === null,
    staleTime: Infinity,
  });
  const close = (): void => {
    bulk.stop();
    onClose();
  };
  return (
    <Modal opened onClose={close} title={say('bulk.heading', { deed: say(`deed.${deed}`) })} size="lg">
      <Asked query={found}>
        {(page) =>
          bulk.progress === null ? (
            <Preview deed={deed} page={page} onClose={onClose} onRun={() => bulk.run(jobsOfRun(page.pagination))} />
          ) : (
            <Run progress={bulk.progress} total={jobsOfRun(page.pagination)} onStop={close} />
          )
        }
      </Asked>
    </Modal>
  );
}

interface PreviewProps {
  deed: JobDeed;
  page: JobHistoryPage;
  onClose: () => void;
  onRun: () => void;
}

function Preview({ deed, page: { items, pagination }, onClose, onRun }: PreviewProps) {
  const say = useTexts();
  const [typed, type] = useState('');
  const total = pagination.total ?? 0;
  const isMore = pagination.total_is_capped || total > bulkJobsMax;
  const word = isDestructive(deed) ? String(jobsOfRun(pagination)) : '';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onRun();
      }}
    >
      <Stack gap="sm">
        <Text fw={600}>{say('bulk.found', { count: shownCount(total, pagination.total_is_capped ? total : Infinity) })}</Text>
        <Text size="sm">{say(`deed.${deed}.about`)}</Text>
        {deed === 'retry' && <Text size="sm">{say('bulk.retriedBefore')}</Text>}
        {isMore && <Text size="sm">{say('bulk.first', { count: bulkJobsMax.toLocaleString() })}</Text>}
        <Stack gap={4}>
          {items.map((job) => (
            <Group key={job.id} gap="sm">
              <Status state={job.status} />
              <Text size="sm">{job.type}</Text>
              <span className="id" title={job.id}>
                {shortId(job.id)}
              </span>
            </Group>
          ))}
          {total > items.length && (
            <Text size="xs" c="dimmed">
              {say('rerun.others', { count: shownCount(total - items.length) })}
            </Text>
          )}
        </Stack>
        {word !== '' && total > 0 && (
          <TextInput
            label={say('confirm.type', { word })}
            value={typed}
            onChange={(event) => type(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {say('confirm.no')}
          </Button>
          <Button type="submit" color={word === '' ? undefined : 'red'} disabled={total === 0 || typed !== word}>
            {say(`deed.${deed}`)}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Run({ progress, total, onStop }: { progress: BulkProgress; total: number; onStop: () => void }) {
  const say = useTexts();
  const { done, skipped, failed, reasons, isOver } = progress;
  const share = isOver ? 100 : (100 * (done + skipped + failed)) / Math.max(1, total);
  return (
    <Stack gap="sm">
      <Progress value={share} aria-label={say('bulk.progress')} />
      <Text size="sm" role="status">
        {say('bulk.told', {
          done: done.toLocaleString(),
          skipped: skipped.toLocaleString(),
          failed: failed.toLocaleString(),
        })}
      </Text>
      {reasons.length > 0 && (
        <Alert color="orange" p="xs">
          {reasons.map((reason) => (
            <Text key={reason} size="sm" className="wrap">
              {reason}
            </Text>
          ))}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant={isOver ? 'filled' : 'default'} onClick={onStop}>
          {say(isOver ? 'bulk.close' : 'bulk.stop')}
        </Button>
      </Group>
    </Stack>
  );
}
