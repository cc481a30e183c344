import { expect, test } from '@jest/globals';
import { viewWebhook, type Webhook } from './webhook.js';

const view = (url: string, role: 'viewer' | 'operator', format?: 'slack'): string => {
  const at = new Date(0);
  const webhook = {
    url,
    created_at: at,
    updated_at: at,
    failing_since: null,
    last_delivered_at: null,
    ...(format ? { format } : {}),
  };
  return viewWebhook(webhook as unknown as Webhook, role).url;
};

test.each([
  ['https://hooks.example.com/a?token=s3cret&team=x', 'https://hooks.example.com/a?token=***&team=***'],
  ['https://ann:s3cret@hooks.example.com/a', 'https://***:***@hooks.example.com/a'],
  ['https://hooks.example.com/a#s3cret', 'https://hooks.example.com/a#***'],
  ['https://hooks.example.com/a', 'https://hooks.example.com/a'],
  ['mailto:ops@example.com', 'mailto:ops@example.com'],
])('of %s a viewer is shown no more than %s', (url, shown) => {
  expect(view(url, 'viewer')).toBe(shown);
  expect(view(url, 'operator')).toBe(url);
});

test('of an address that is a secret itself a viewer is shown the host', () => {
  const url = 'https://hooks.slack.example/services/T0/B0/s3cret';
  expect(view(url, 'viewer', 'slack')).toBe('https://hooks.slack.example/***');
  expect(view(url, 'operator', 'slack')).toBe(url);
});
