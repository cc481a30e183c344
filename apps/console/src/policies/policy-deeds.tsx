import { Button } from '@mantine/core';
import type { RetryConfigDetails } from '@kintsugi/contracts';
import { useState } from 'react';
import { Confirmed, asking, type Deed } from '../display/confirmed.js';
import { shellWord } from '../display/domain/shell-word.js';
import { useIsAdminOfAll } from '../session/session.js';
import { useTexts, type Say } from '../texts/language.js';
import { policyDeeds, type PolicyDeed } from './domain/policy-versions.js';

const refreshes = [['policies'], ['retry-trial']];

/** Names the version that it brings back, so that it brings back no other where somebody sets one meanwhile. */
function revertDeed(type: string, to: number, say: Say): Deed {
  return {
    title: say('policy.revert'),
    about: say('policy.revert.about', { type, version: to }),
    refreshes,
    command: `./kintsugi policy revert ${shellWord(type)} --to ${to}`,
    ...asking('/error-operations', 'revertRetry', { error_type: type, to }, ({ version, reverted_to }) =>
      say('policy.revert.done', { type, version, former: reverted_to }),
    ),
  };
}

function unsetDeed(type: string, say: Say): Deed {
  return {
    title: say('policy.unset'),
    about: say('policy.unset.about', { type }),
    refreshes,
    command: `./kintsugi policy unset ${shellWord(type)}`,
    isDangerous: true,
    ...asking('/error-operations', 'unsetRetry', { error_type: type }, ({ removed }) => {
      if (!removed) throw new Error(say('policy.unset.none', { type }));
      return say('policy.unset.done', { type });
    }),
  };
}

/** What a reader who may can do with a policy; policies are those of all tenants. */
export function PolicyDeeds({ details: { error_type, history } }: { details: RetryConfigDetails }) {
  const say = useTexts();
  const isAdminOfAll = useIsAdminOfAll();
  const [asked, ask] = useState<PolicyDeed | null>(null);
  if (!isAdminOfAll) return null;
  const deedOf = (deed: PolicyDeed): Deed =>
    deed.kind === 'revert' ? revertDeed(error_type, deed.to, say) : unsetDeed(error_type, say);
  return (
    <>
      {policyDeeds(history).map((deed) => (
        <Button key={deed.kind} size="sm" variant="default" onClick={() => ask(deed)}>
          {say(`policy.${deed.kind}`)}
        </Button>
      ))}
      <Confirmed deed={asked && deedOf(asked)} onClose={() => ask(null)} />
    </>
  );
}
