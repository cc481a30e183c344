import { matchesErrorType } from '@kintsugi/contracts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { classify, failureClasses, failureRules } from './failure-rules.js';

describe('the class of a failure', () => {
  test.each([
    ['smtp.421', 'transient'],
    ['smtp.451', 'transient'],
    ['smtp.550', 'permanent'],
    ['smtp.552', 'permanent'],
    ['net.reset', 'transient'],
    ['net.timeout', 'transient'],
    ['net.dns', 'transient'],
    ['http.400', 'permanent'],
    ['http.404', 'permanent'],
    ['http.408', 'transient'],
    ['http.425', 'transient'],
    ['http.429', 'throttled'],
    ['http.500', 'transient'],
    ['http.503', 'transient'],
    ['worker.lost', 'platform'],
    ['TypeError', 'transient'],
    ['', 'transient'],
  ])('%s is %s', (errorType, expected) => {
    expect(classify(errorType, false).class).toBe(expected);
  });

  test('the word of the handler goes before every rule', () => {
    fc.assert(fc.property(fc.string(), (errorType) => expect(classify(errorType, true).class).toBe('permanent')));
  });

  test('every error type has a class and a reason', () => {
    fc.assert(
      fc.property(fc.string(), (errorType) => {
        const { class: found, because } = classify(errorType, false);
        expect(failureClasses).toContain(found);
        expect(because).not.toBe('');
      }),
    );
  });

  test('no rule stands below one that already takes all it matches', () => {
    failureRules.forEach(({ errorTypes }, position) => {
      const example = errorTypes.replace('*', '');
      const wider = failureRules.slice(0, position).filter((rule) => matchesErrorType(rule.errorTypes, example));
      expect({ errorTypes, hiddenBy: wider.map((rule) => rule.errorTypes) }).toEqual({ errorTypes, hiddenBy: [] });
    });
  });
});
