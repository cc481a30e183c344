import { Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { Copyable } from '../display/copyable.js';
import { shellWord } from '../display/domain/shell-word.js';
import { PageHead } from '../display/page-head.js';
import { Panel } from '../display/panel.js';
import { Asked } from '../display/states-of-asking.js';
import { useTexts } from '../texts/language.js';
import { PolicyDeeds } from './policy-deeds.js';
import { PolicyFacts } from './policy-facts.js';
import { PolicyHistory } from './policy-history.js';
import { usePolicy } from './use-policy.js';

const route = getRouteApi('/policies/$errorType');

/** How failures of one error type are retried, and how that was changed. */
export function PolicyPage() {
  const say = useTexts();
  const { errorType } = route.useParams();
  const { version } = route.useSearch();
  const policy = usePolicy(errorType);
  const title = errorType === '*' ? say('policies.others') : errorType;
  return (
    <>
      <PageHead title={title} window={title}>
        {policy.data && <PolicyDeeds details={policy.data} />}
      </PageHead>
      <Stack gap="md">
        <Asked query={policy}>
          {(details) => (
            <>
              <Panel title={say('policies.title')}>
                <PolicyFacts details={details} />
              </Panel>
              <PolicyHistory details={details} wanted={version} />
            </>
          )}
        </Asked>
        <Panel title={say('job.elsewhere')}>
          <Stack gap="xs">
            <Copyable label="CLI" text={`./kintsugi policy show ${shellWord(errorType)}`} />
            <Copyable label="HTTP" text={`GET /v1/retry-configs/${encodeURIComponent(errorType)}`} />
          </Stack>
        </Panel>
      </Stack>
    </>
  );
}
