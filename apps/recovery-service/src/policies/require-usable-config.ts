import { isErrorTypePattern, ProblemError, shown, type RetryCondition, type RetryConfig } from '@kintsugi/contracts';
import { patternFault } from './domain/linear-pattern.js';

/** Refuses what the contract cannot tell: a star in the middle of a type, and patterns that are none. */
export function requireUsableConfig({ error_type, retry_conditions, rules = [] }: RetryConfig): void {
  if (!isErrorTypePattern(error_type)) {
    const at = 'data.error_type';
    throw new ProblemError('VALIDATION_FAILED', `${at}: a star stands for the rest of the type, so it goes at the end.`, {
      errors: [{ path: at, rule: 'FORMAT', got: shown(error_type), allowed: 'an error type, or a prefix such as smtp.*' }],
    });
  }
  requirePatterns(retry_conditions, 'data.config.retry_conditions');
  rules.forEach(({ when }, index) => requirePatterns(when, `data.config.rules[${index}].when`));
}

function requirePatterns(conditions: readonly RetryCondition[], path: string): void {
  conditions.forEach(({ operator, value }, index) => {
    const fault = operator === 'matches' ? patternFault(String(value)) : null;
    if (fault === null) return;
    const at = `${path}[${index}].value`;
    throw new ProblemError(
      'VALIDATION_FAILED',
      `${at}: this is no regular expression that may be used: ${fault.slice(0, 200)}.`,
      {
        errors: [{ path: at, rule: 'FORMAT', got: shown(value), allowed: 'a regular expression in the syntax of RE2' }],
      },
    );
  });
}
