import { expect, test } from '@jest/globals';
import { peopleText, slackBody } from './message-texts.js';

const alert = {
  ...{ name: 'late', subject: 'send', severity: 'page', summary: 'It is <late>\r\nBcc: all@example.com' },
  ...{ since: '2026-01-01T00:00:00.000Z', resolved_at: null, tenant: 'shop' },
};
const told = (type: string, over: object = {}): string => JSON.stringify({ type, data: { alerts: [{ ...alert, ...over }] } });

test('an alert is told to people, in lines that nobody else can break', () => {
  expect(peopleText(told('kintsugi.alert.fired.v1'))).toEqual({
    subject: '[Firing] late (send)',
    lines: [
      'Firing: late of send, severity page',
      'It is <late> Bcc: all@example.com',
      'Since 2026-01-01T00:00:00.000Z, tenant shop',
    ],
  });
  const over = peopleText(
    told('kintsugi.alert.resolved.v1', { subject: '', resolved_at: '2026-01-01T01:00:00.000Z', tenant: null }),
  );
  expect(over.subject).toBe('[Resolved] late');
  expect(over.lines.at(-1)).toBe('Since 2026-01-01T00:00:00.000Z, until 2026-01-01T01:00:00.000Z');
});

test('Slack takes no text of it for a link or a mention', () => {
  const { text } = JSON.parse(slackBody(told('kintsugi.alert.fired.v1', { summary: '<!channel> & more' }))) as { text: string };
  expect(text).toContain('&lt;!channel&gt; &amp; more');
});

test('a test says that it is one', () => {
  expect(peopleText(JSON.stringify({ type: 'kintsugi.webhook.test', data: { webhook: 'mail' } })).lines).toEqual([
    'This is a test of the webhook mail.',
  ]);
});
