import { Anchor, Stack } from '@mantine/core';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { shortId } from '../display/domain/shortened.js';
import { PageHead } from '../display/page-head.js';
import { useTexts } from '../texts/language.js';
import { LogViewer } from './log-viewer.js';

const route = getRouteApi('/logs/$jobId');

/** The log of one job; what is looked for in it stands in the address. */
export function LogPage() {
  const say = useTexts();
  const { jobId } = route.useParams();
  const filter = route.useSearch();
  const navigate = useNavigate();
  return (
    <>
      <PageHead title={say('logs.title', { id: shortId(jobId) })} window={say('logs.title', { id: shortId(jobId) })}>
        <Anchor component={Link} to={`/jobs/${jobId}`} size="sm">
          {say('logs.toJob')}
        </Anchor>
      </PageHead>
      <Stack className="log-page">
        <LogViewer
          key={jobId}
          jobId={jobId}
          filter={filter}
          onFilter={(search) => void navigate({ to: '/logs/$jobId', params: { jobId }, search, replace: true })}
        />
      </Stack>
    </>
  );
}
