import { Alert, Stack, Text } from '@mantine/core';
import type { JobExplanation } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/request.js';
import { shownDuration } from '../display/domain/durations.js';
import { useTexts } from '../texts/language.js';

const everyMs = 3_000;

/** What the job waits for, who has it, and what shortens the wait. */
export function WhyWaiting({ jobId }: { jobId: string }) {
  const say = useTexts();
  const { data } = useQuery({
    queryKey: ['job', jobId, 'why'],
    queryFn: ({ signal }) => get<JobExplanation>(`/v1/jobs/${encodeURIComponent(jobId)}/why`, {}, signal),
    refetchInterval: everyMs,
  });
  if (!data || data.waiting.length === 0) return null;
  return (
    <Alert color="yellow" title={say('why.title')}>
      <Stack gap="xs">
        {data.waiting.map(({ reason, what, eta_s, do: advice }) => (
          <div key={`${reason} ${what}`}>
            <Text size="sm" className="wrap">
              {what} {eta_s !== null && say('why.eta', { duration: shownDuration(eta_s * 1_000) })}
            </Text>
            {advice && (
              <Text size="sm" c="dimmed" className="wrap">
                {advice}
              </Text>
            )}
          </div>
        ))}
      </Stack>
    </Alert>
  );
}
