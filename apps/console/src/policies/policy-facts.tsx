import { limits, type RetryCondition, type RetryConfig, type RetryConfigDetails, type RetryRule } from '@kintsugi/contracts';
import { Link } from '@tanstack/react-router';
import { shownDuration } from '../display/domain/durations.js';
import { useTexts } from '../texts/language.js';
import { sourceOf } from './domain/policy-versions.js';
import { shownCondition, shownDelays } from './domain/policy-words.js';

/** All that holds for an error type, in words. */
export function PolicyFacts({ details }: { details: RetryConfigDetails }) {
  const say = useTexts();
  const { holds } = details;
  const mostAsked = holds.max_retry_after ?? limits.retryDelaySeconds;
  return (
    <dl className="facts">
      <dt>{say('policy.of')}</dt>
      <dd>
        <Source details={details} />
      </dd>
      <dt>{say('policies.attempts')}</dt>
      <dd>{say('policy.runs', { count: holds.max_attempts })}</dd>
      <dt>{say('policy.waits')}</dt>
      <dd>
        <Waits policy={holds} />
      </dd>
      <dt>{say('lab.jitter')}</dt>
      <dd>{say(`policy.jitter.${holds.jitter ?? 'asSet'}`)}</dd>
      <dt>{say('policy.retryAfter')}</dt>
      <dd>{say('policy.retryAfterOf', { longest: shownDuration(mostAsked * 1_000) })}</dd>
      <dt>{say('policy.rules')}</dt>
      <dd>
        <Rules rules={holds.rules ?? []} />
      </dd>
      <dt>{say('policies.conditions')}</dt>
      <dd>
        <Conditions conditions={holds.retry_conditions} />
      </dd>
    </dl>
  );
}

/** Whose policy it is, with a link where it is another one. */
function Source({ details }: { details: RetryConfigDetails }) {
  const say = useTexts();
  const source = sourceOf(details);
  if (source === 'own' || source === 'settings') return say(`policy.of.${source}`);
  const of = details.holds.error_type;
  return (
    <Link to="/policies/$errorType" params={{ errorType: of }} className={source === 'prefix' ? 'link mono' : 'link'}>
      {source === 'prefix' ? of : say('policies.others')}
    </Link>
  );
}

function Waits({ policy }: { policy: RetryConfig }) {
  const say = useTexts();
  const delays = shownDelays(policy);
  return (
    <>
      {say('policy.waitsOf', {
        ...{ first: shownDuration(policy.initial_delay * 1_000), factor: policy.backoff_factor },
        longest: shownDuration(policy.max_delay * 1_000),
      })}
      {delays !== '' && <div>{say('policy.waitsAre', { delays })}</div>}
    </>
  );
}

function Conditions({ conditions }: { conditions: readonly RetryCondition[] }) {
  const say = useTexts();
  if (conditions.length === 0) return say('policy.noConditions');
  return (
    <>
      {say('policy.allOf')}
      <ul className="steps mono">
        {conditions.map((condition) => (
          <li key={shownCondition(condition)}>{shownCondition(condition)}</li>
        ))}
      </ul>
    </>
  );
}

function Rules({ rules }: { rules: readonly RetryRule[] }) {
  const say = useTexts();
  if (rules.length === 0) return say('policy.noRules');
  return (
    <>
      {say('policy.firstOf')}
      <ol className="steps">
        {rules.map(({ when, action, reason }) => (
          <li key={JSON.stringify([action, when])}>
            <span className="mono">{when.map(shownCondition).join(` ${say('policy.and')} `)}</span>: {say(`rule.${action}`)}
            {reason !== undefined && ` (${reason})`}
          </li>
        ))}
      </ol>
    </>
  );
}
