import { createWorker } from '@kintsugi/worker-sdk';
import { newsletterSettings } from './newsletter.config.js';
import { planSendingGroup } from './recipients/plan-sending-group.js';
import { createMailTransport } from './sending/smtp/mail-transport.js';
import { sendNewsletter } from './sending/smtp/send-newsletter.js';
import { settingsOrExit } from './settings-or-exit.js';

/** The newsletter worker: plans sending groups and sends their messages over SMTP. */
const settings = settingsOrExit(newsletterSettings);
const transport = createMailTransport({
  host: settings.SMTP_HOST,
  port: settings.SMTP_PORT,
  connections: settings.SMTP_CONNECTIONS,
  timeoutMs: settings.SMTP_TIMEOUT_MS,
});

const worker = createWorker({ handleSignals: true });
worker.handle('smtp.send', sendNewsletter(transport, { from: settings.NEWSLETTER_FROM, timeoutMs: settings.SMTP_TIMEOUT_MS }));
worker.plan('smtp.send', planSendingGroup(settings.NEWSLETTER_GROUPS_DIR));
await worker.start();
