import { Button } from '@mantine/core';
import type { WebhookView } from '@kintsugi/contracts';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Confirmed, asking, type Deed } from '../display/confirmed.js';
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

function askingFor(deed: WebhookDeed, name: string, say: Say, onDeleted: () => void): Pick<Deed, 'http' | 'carryOut'> {
  switch (deed) {
    case 'test':
      return asking('/job-operations', 'testWebhook', { name }, ({ delivered, status, took_ms, error }) => {
        if (!delivered) throw new Error(error ?? `HTTP ${status}`);
        return say('webhook.test.done', { status: status ?? '–', ms: took_ms });
      });
    case 'retry':
      return asking('/job-operations', 'retryWebhookDeliveries', { name }, ({ retried }) =>
        say('webhook.retry.done', { count: retried.toLocaleString() }),
      );
    case 'delete':
      return asking('/job-operations', 'deleteWebhook', { name }, () => {
        onDeleted();
        return say('webhook.delete.done', { name });
      });
    case 'enable':
    case 'disable':
      return asking('/job-operations', 'updateWebhook', { name, enabled: deed === 'enable' }, () =>
        say(`webhook.${deed}.done`, { name }),
      );
  }
}

function deedOf(deed: WebhookDeed, name: string, say: Say, onDeleted: () => void): Deed {
  return {
    title: say(`webhook.${deed}`),
    about: say(`webhook.${deed}.about`, { name }),
    refreshes: [['webhooks']],
    command: commands[deed](name),
    isDangerous: deed === 'delete',
    ...(deed === 'delete' ? { typed: name } : {}),
    ...askingFor(deed, name, say, onDeleted),
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
