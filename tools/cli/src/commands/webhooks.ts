import type { Client } from '@kintsugi/client';
import type { WebhookDeliveryPage, WebhookEvent, WebhookPage, WebhookTest, WebhookView } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { deliveriesTable, webhookLines, webhooksTable } from '../jobs/webhook-lines.js';

export interface WebhooksOptions extends ConnectionOptions {
  to?: string;
  event?: WebhookEvent[];
  format?: 'cloudevents' | 'slack';
  secret?: string;
  enabled?: 'yes' | 'no';
  limit: number;
  cursor?: string;
}

type WebhookAction = 'list' | 'show' | 'create' | 'update' | 'test' | 'deliveries' | 'retry' | 'delete';

const advice = 'See ./kintsugi webhooks --help';

/** Lists webhooks, and makes, shows, changes, tests and ends one. */
export async function webhooks(
  context: CommandContext,
  action: WebhookAction,
  name: string | undefined,
  options: WebhooksOptions,
): Promise<ExitCode> {
  const { output } = context;
  const { limit, cursor } = options;
  const page = { limit, ...(cursor === undefined ? {} : { cursor }) };
  if (action !== 'list' && name === undefined) {
    throw new Failure('USAGE', `Which webhook? Give its name after "${action}".`, { advice });
  }
  const client = await connect(context, options);
  const which = name as string;
  switch (action) {
    case 'list': {
      const found: WebhookPage = await client.listWebhooks(page);
      output.result(found, () => webhooksTable(found.items, found.next_cursor, output));
      break;
    }
    case 'deliveries': {
      const found: WebhookDeliveryPage = await client.listWebhookDeliveries(which, page);
      output.result(found, () => deliveriesTable(found.items, found.next_cursor, output));
      break;
    }
    case 'test':
      return test(context, await client.testWebhook(which));
    case 'retry': {
      const answer = await client.retryWebhookDeliveries(which);
      output.result(answer, () => [`${answer.retried} messages are tried again.`]);
      break;
    }
    case 'delete': {
      const gone = await client.deleteWebhook(which);
      output.result(gone, () => [`${gone.name} is gone, with what waited for it.`]);
      break;
    }
    default: {
      const webhook = await changed(client, action, which, options);
      output.result(webhook, () => webhookLines(webhook, output));
    }
  }
  return exitCodes.ok;
}

function test({ output }: CommandContext, answer: WebhookTest): ExitCode {
  output.result(answer, () => [
    answer.delivered
      ? `It was taken: ${answer.status} after ${answer.took_ms} ms.`
      : `It was not taken after ${answer.took_ms} ms. ${answer.error ?? ''}`,
  ]);
  return answer.delivered ? exitCodes.ok : exitCodes.failed;
}

async function changed(
  client: Client,
  action: 'show' | 'create' | 'update',
  name: string,
  { to, event, format, secret, enabled }: WebhooksOptions,
): Promise<WebhookView> {
  if (action === 'show') return client.getWebhook(name);
  const signing = { ...(secret === undefined ? {} : { secret }), ...(format === undefined ? {} : { format }) };
  if (action === 'create') {
    if (to === undefined || event === undefined) {
      throw new Failure('USAGE', 'Where to, and of what? Give --to and at least one --event.', { advice });
    }
    return client.createWebhook({ name, url: to, events: event, ...signing });
  }
  return client.updateWebhook({
    ...{ name, ...signing },
    ...(to === undefined ? {} : { url: to }),
    ...(event === undefined ? {} : { events: event }),
    ...(enabled === undefined ? {} : { enabled: enabled === 'yes' }),
  });
}
