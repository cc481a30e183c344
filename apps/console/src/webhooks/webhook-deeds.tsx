import { Button } from '@mantine/core';
import type { WebhookView } from '@kintsugi/contracts';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { act } from '../api/request.js';
import { Confirmed, type Deed } from '../display/confirmed.js';
import { useMayOperate } from '../session/session.js';
import { useTexts, type Say } from '../texts/language.js';

type WebhookDeed = 'test' | 'enable' | 'disable' | 'retry' | 'delete';

const commands = {
  test: (name: string) => `./kintsugi webhooks test ${name}`,
  enable: (name: string) => `./kintsugi webhooks update ${name} --enabled yes`,
  disable: (name: string) => `./kintsugi webhooks update ${name} --enabled no`,
  retry: (name: string) => `./kintsugi webhooks retry ${name}`,
  delete: (name: string) => `./kintsugi webhooks delete ${name}`,
};

function requestOf(deed: WebhookDeed, name: string): { action: string; data: object } {
  if (deed === 'test') return { action: 'testWebhook', data: { name } };
  if (deed === 'retry') return { action: 'retryWebhookDeliveries', data: { name } };
  if (deed === 'delete') return { action: 'deleteWebhook', data: { name } };
  return { action: 'updateWebhook', data: { name, enabled: deed === 'enable' } };
}

/** What becomes of it, in a sentence. */
async function carryOut(deed: WebhookDeed, name: string, say: Say): Promise<string> {
  if (deed === 'test') {
    const { delivered, status, took_ms, error } = await act('/job-operations', 'testWebhook', { name });
    if (!delivered) throw new Error(error ?? `HTTP ${status}`);
    return say('webhook.test.done', { status: status ?? '–', ms: took_ms });
  }
  if (deed === 'retry') {
    const { retried } = await act('/job-operations', 'retryWebhookDeliveries', { name });
    return say('webhook.retry.done', { count: retried.toLocaleString() });
  }
  if (deed === 'delete') await act('/job-operations', 'deleteWebhook', { name });
  else await act('/job-operations', 'updateWebhook', { name, enabled: deed === 'enable' });
  return say(`webhook.${deed}.done`, { name });
}

function deedOf(deed: WebhookDeed, name: string, say: Say, onDeleted: () => void): Deed {
  return {
    title: say(`webhook.${deed}`),
    about: say(`webhook.${deed}.about`, { name }),
    refreshes: [['webhooks']],
    command: commands[deed](name),
    http: { endpoint: '/job-operations', body: requestOf(deed, name) },
    isDangerous: deed === 'delete',
    ...(deed === 'delete' ? { typed: name } : {}),
    carryOut: async () => {
      const told = await carryOut(deed, name, say);
      if (deed === 'delete') onDeleted();
      return told;
    },
  };
}

/** What a reader who may can do with a webhook. */
export function WebhookDeeds({ webhook: { name, enabled, dead } }: { webhook: WebhookView }) {
  const say = useTexts();
  const navigate = useNavigate();
  const [asked, ask] = useState<WebhookDeed | null>(null);
  if (!useMayOperate()) return null;
  const deeds: WebhookDeed[] = ['test', ...(dead > 0 ? ['retry' as const] : []), enabled ? 'disable' : 'enable', 'delete'];
  return (
    <>
      {deeds.map((deed) => (
        <Button key={deed} size="sm" variant={deed === 'test' ? 'filled' : 'default'} onClick={() => ask(deed)}>
          {say(`webhook.${deed}`)}
        </Button>
      ))}
      <Confirmed deed={asked && deedOf(asked, name, say, () => void navigate({ to: '/webhooks' }))} onClose={() => ask(null)} />
    </>
  );
}
