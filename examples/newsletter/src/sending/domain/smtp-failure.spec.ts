import { describe, expect, test } from '@jest/globals';
import { smtpFailure } from './smtp-failure.js';

const mailError = (fields: object): Error => Object.assign(new Error('Message failed'), fields);

describe('the meaning of a failed attempt', () => {
  test.each([421, 450, 451, 452, 550, 552, 554])('%i is named by its code, its text without the codes', (responseCode) => {
    const response = `${responseCode} 4.7.1 Greylisted,\r\n please try again later`;
    expect(smtpFailure(mailError({ code: 'EENVELOPE', responseCode, response }))).toEqual({
      error_type: `smtp.${responseCode}`,
      error_message: 'Greylisted, please try again later',
    });
  });

  test.each([
    ['550 User unknown', 'User unknown'],
    [
      '550-5.1.1 The account that you tried\r\n550 5.1.1 to reach does not exist',
      'The account that you tried to reach does not exist',
    ],
    ['550 5.1.1', '550 5.1.1'],
    ['550 5000 messages are enough', '5000 messages are enough'],
    ['550', '550'],
  ])('the reply %j is told as %j', (response, message) => {
    expect(smtpFailure(mailError({ responseCode: 550, response }))).toMatchObject({ error_message: message });
  });

  test('a refusal that names a pause says when to try again', () => {
    const response = '421 4.7.0 Too many messages from you, try again in 2 seconds';
    expect(smtpFailure(mailError({ code: 'EMESSAGE', responseCode: 421, response }))).toMatchObject({
      error_type: 'smtp.421',
      retry_after_ms: 2_000,
    });
  });

  test('a final refusal names no time, whatever its text', () => {
    const failure = smtpFailure(mailError({ responseCode: 554, response: '554 5.7.1 blocked, try again in 2 seconds' }));
    expect(failure).not.toHaveProperty('retry_after_ms');
  });

  test.each([
    [{ code: 'ESOCKET', originalCode: 'ECONNRESET' }, 'net.reset'],
    [{ code: 'ECONNECTION' }, 'net.reset'],
    [{ code: 'ESOCKET' }, 'net.reset'],
    [{ code: 'ESOCKET', originalCode: 'EPIPE' }, 'net.reset'],
    [{ code: 'ESOCKET', originalCode: 'ECONNREFUSED' }, 'net.refused'],
    [{ code: 'ETIMEDOUT' }, 'net.timeout'],
    [{ code: 'EDNS', originalCode: 'ENOTFOUND' }, 'net.dns'],
    [{ code: 'EDNS' }, 'net.dns'],
    [{ code: 'ESOCKET', originalCode: 'EHOSTUNREACH' }, 'net.unreachable'],
    [{ code: 'ETLS' }, 'net.tls'],
  ])('%j is told as %s', (fields, errorType) => {
    expect(smtpFailure(mailError(fields))).toMatchObject({ error_type: errorType });
  });

  test('what is no matter of mail is left alone', () => {
    expect(smtpFailure(new TypeError('x is not a function'))).toBeUndefined();
    expect(smtpFailure(mailError({ code: 'EABORT' }))).toBeUndefined();
    expect(smtpFailure('a string')).toBeUndefined();
  });
});
