import { matchesErrorType } from '@kintsugi/contracts';

/**
 * What a failure is by its nature. Only `permanent` is terminal; the others are worth another try.
 * - transient: passes by itself.
 * - throttled: the other side asks for fewer requests.
 * - platform: the fault of this platform and not of the task.
 * - permanent: the same run would fail again.
 */
export const failureClasses = ['transient', 'throttled', 'platform', 'permanent'] as const;

export type FailureClass = (typeof failureClasses)[number];

export interface FailureRule {
  /** An error type, or a prefix with a star at its end. */
  errorTypes: string;
  class: FailureClass;
  because: string;
}

/** The class of every failure by its error type. The first rule that matches wins: a new rule goes above the wider ones. */
export const failureRules: readonly FailureRule[] = [
  { errorTypes: 'smtp.4*', class: 'transient', because: 'the mail server asks to try later' },
  { errorTypes: 'smtp.5*', class: 'permanent', because: 'the mail server refuses for good' },
  { errorTypes: 'net.*', class: 'transient', because: 'the network or the other side was away' },
  { errorTypes: 'http.408', class: 'transient', because: 'the server timed out waiting' },
  { errorTypes: 'http.425', class: 'transient', because: 'the server asks to try later' },
  { errorTypes: 'http.429', class: 'throttled', because: 'the server asks for fewer requests' },
  { errorTypes: 'http.4*', class: 'permanent', because: 'the server finds fault with the request' },
  { errorTypes: 'http.5*', class: 'transient', because: 'the server had a fault' },
  { errorTypes: 'task.timeout', class: 'transient', because: 'the run took longer than its timeout_s' },
  { errorTypes: 'resource.*', class: 'permanent', because: 'it used more than it may, and the same run would again' },
  { errorTypes: 'worker.lost', class: 'platform', because: 'the worker was lost' },
  // A needless retry costs a few seconds and ends by itself; a needless discard costs a person's time.
  { errorTypes: '*', class: 'transient', because: 'no rule knows it, and retries are bounded' },
];

export interface Classification {
  class: FailureClass;
  because: string;
}

/** What a failure is. The handler's own word that another try cannot help goes before every rule. */
export function classify(errorType: string, nonRetryable: boolean): Classification {
  if (nonRetryable) return { class: 'permanent', because: 'the handler says that another try cannot help' };
  const rule = failureRules.find(({ errorTypes }) => matchesErrorType(errorTypes, errorType));
  if (!rule) throw new Error('The last failure rule must match every error type.');
  return { class: rule.class, because: rule.because };
}
