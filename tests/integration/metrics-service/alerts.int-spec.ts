// Somebody is told once of what a condition is about, whichever replica looks and however often one dies; incidents of Alertmanager
// are taken in once each.
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { serviceActor, subjects, type ActionInput, type ActionName, type ActionResponse } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { HttpReceiver, eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { JobEventTeller, newJobId } from './job-events.js';
import type { Alert } from '../../../apps/metrics-service/src/alerts/domain/alert.js';
import { AlertStore } from '../../../apps/metrics-service/src/alerts/mongo/alert-store.js';
import { startMetricsService, type MetricsServiceUnderTest } from './metrics-service-under-test.js';

interface Notice {
  type: string;
  data: { alerts: { name: string; subject: string; state: string; tenant: string | null }[] };
}

const group = `grp_${'ab'.repeat(16)}`;

let servers: TestServers;
let replicas: MetricsServiceUnderTest[];
let events: JobEventTeller;
let receiver: HttpReceiver;
let mailServer: SMTPServer;
let url: string;
let received: HttpReceiver['received'];
const mails: string[] = [];
const recoveries: unknown[] = [];

beforeAll(async () => {
  servers = await startTestServers();
  receiver = await HttpReceiver.start();
  ({ received, url } = receiver);
  mailServer = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let text = '';
      stream.on('data', (part: Buffer) => (text += part.toString()));
      stream.on('end', () => {
        mails.push(text);
        done();
      });
    },
  });
  await new Promise<void>((resolve) => mailServer.listen(0, '127.0.0.1', resolve));
  const mailPort = (mailServer.server.address() as AddressInfo).port;
  const settings = {
    ...{ ALERT_EVERY_MS: '100', WEBHOOK_ALLOW_PRIVATE: new URL(url).host, ALERTMANAGER_URLS: `${url}/am` },
    ...{ MAIL_SMTP_URL: `smtp://127.0.0.1:${mailPort}`, MAIL_FROM: 'kintsugi@example.com' },
    INCIDENT_RECOVERIES: `SlotsIsolated=autoRecover:app,Broken=manualRecover:${group}`,
  };
  replicas = [
    await startMetricsService(servers, settings),
    await startMetricsService(servers, { ...settings, INSTANCE_ID: 'second' }),
  ];
  events = new JobEventTeller(bus());
  const answers = {
    autoRecover: { corrupted_recovered: 2, corrupted_isolated: 0 },
    manualRecover: { accepted: 3, refused_count: 0 },
  };
  for (const [action, answer] of Object.entries(answers)) {
    const service = action === 'autoRecover' ? 'pool' : 'recovery';
    bus().subscribe(subjects.request(service, action), (message) => {
      recoveries.push([action, message.json()]);
      message.respond(JSON.stringify(answer));
    });
  }
});

afterAll(async () => {
  for (const replica of replicas ?? []) await replica.stop();
  await receiver?.stop();
  mailServer?.close();
  await servers?.stop();
});

function bus(): MetricsServiceUnderTest['bus'] {
  return (replicas.at(-1) as MetricsServiceUnderTest).bus;
}

function call<Action extends ActionName>(
  action: Action,
  data: ActionInput<Action>,
  tenant: string | null = null,
): Promise<ActionResponse<Action>> {
  const actor = { ...serviceActor('gateway'), key: 'k', name: 'ann', tenant };
  return callAction(bus(), action, data, { origin: { actor, requestId: 'r' } });
}

function notices(path: string): string[] {
  return received
    .filter((one) => one.path === path)
    .map(({ body }) => JSON.parse(body) as Notice)
    .flatMap(({ type, data }) => data.alerts.map(({ name, subject }) => `${type} ${name} ${subject}`));
}

/** As JobEventTeller counts. */
const now = (): number => Date.now() - events.start;

const alerts = ['alert.fired', 'alert.resolved'] as const;

it('a job that fails is told once by two replicas, to a webhook, Slack and by mail, and its end by the replica that is left', async () => {
  await call('createWebhook', { name: 'hook', url: `${url}/hook`, events: [...alerts] });
  await call('createWebhook', { name: 'slack', url: `${url}/slack?token=x`, format: 'slack', events: [...alerts] });
  await call('createWebhook', { name: 'mail', url: 'mailto:ops@example.com', events: ['alert.fired'] });
  await call('createAlertCondition', { name: 'failing', signal: 'jobs_failed', threshold: 0, window_s: 10, severity: 'page' });
  const jobId = newJobId();
  await events.created(now(), [events.head(jobId, now())]);
  await events.ended('failed', now(), [jobId]);
  const fired = 'kintsugi.alert.fired.v1 failing smtp.send';
  await eventually(() => expect(notices('/hook')).toEqual([fired]));
  await eventually(() => expect(received.some(({ path }) => path.startsWith('/slack'))).toBe(true));
  await eventually(() => expect(mails).toHaveLength(1));
  expect(mails[0]).toMatch(/^Subject: \[Firing\] failing \(smtp.send\)/m);
  expect(JSON.parse(received.find(({ path }) => path.startsWith('/slack'))?.body ?? '')).toEqual({
    text: expect.stringContaining('*[Firing] failing (smtp.send)*'),
  });
  const [alert] = (await call('listAlerts', {})).items;
  expect(alert).toMatchObject({ name: 'failing', subject: 'smtp.send', state: 'firing', severity: 'page', value: 1 });
  await eventually(() => expect(received.some(({ path }) => path === '/am/api/v2/alerts')).toBe(true));
  expect(JSON.parse(received.find(({ path }) => path === '/am/api/v2/alerts')?.body ?? '')).toEqual([
    expect.objectContaining({ labels: expect.objectContaining({ alertname: 'failing', severity: 'page', type: 'smtp.send' }) }),
  ]);
  await (replicas.shift() as MetricsServiceUnderTest).stop();
  await eventually(() => expect(notices('/hook')).toEqual([fired, 'kintsugi.alert.resolved.v1 failing smtp.send']));
  await eventually(async () =>
    expect((await call('listAlerts', { state: 'resolved' })).items).toMatchObject([{ id: alert?.id }]),
  );
  const told = received
    .filter(({ path }) => path === '/am/api/v2/alerts')
    .map(({ body }) => JSON.parse(body) as { endsAt: string }[]);
  await eventually(() => expect(told.flat().some(({ endsAt }) => Date.parse(endsAt) <= Date.now())).toBe(true));
  expect(mails).toHaveLength(1);
});

it('a group that came back is counted by its tenant alone, whose conditions others neither see nor change', async () => {
  await call('createWebhook', { name: 'theirs', url: `${url}/shop`, events: [...alerts] }, 'shop');
  const condition = { name: 'again', signal: 'group_regressions', threshold: 0, window_s: 3_600 } as const;
  for (const tenant of ['shop', 'news']) await call('createAlertCondition', condition, tenant);
  await expect(call('createAlertCondition', { ...condition, signal: 'queue_age_s', name: 'late' }, 'shop')).rejects.toMatchObject(
    {
      code: 'VALIDATION_FAILED',
      extras: { errors: [expect.objectContaining({ path: 'data.signal' })] },
    },
  );
  const groups = [
    {
      group_id: group,
      tenant: 'shop',
      error_type: 'smtp.451',
      title: 't',
      resolved_at: events.at(0),
      regressed_at: events.at(1),
      job_id: newJobId(),
      error_record_id: 'err_1',
    },
  ];
  await events.tell('group.regressed', now(), { groups });
  await eventually(() => expect(notices('/shop')).toEqual([`kintsugi.alert.fired.v1 again ${group}`]));
  expect((await call('listAlerts', {}, 'shop')).items).toMatchObject([{ name: 'again', tenant: 'shop' }]);
  expect((await call('listAlerts', {}, 'news')).items).toEqual([]);
  expect((await call('listAlertConditions', {}, 'news')).items).toMatchObject([{ name: 'again', tenant: 'news' }]);
  await call('deleteAlertCondition', { name: 'again' }, 'news');
  await expect(call('updateAlertCondition', { name: 'again', threshold: 5 }, 'news')).rejects.toMatchObject({
    code: 'ALERT_CONDITION_NOT_FOUND',
  });
  expect(await call('testAlertCondition', { name: 'again' }, 'shop')).toEqual({
    known: true,
    values: [{ subject: group, value: 1, holds: true }],
    told: expect.arrayContaining(['theirs']),
  });
});

it('an incident is taken in once, ends once, and starts the recovery that the settings allow, once', async () => {
  const incident = (alertname: string, status: 'firing' | 'resolved') => ({
    ...{ status, labels: { alertname, severity: 'page' }, annotations: { summary: 'It is broken.' }, fingerprint: alertname },
    ...{ startsAt: '2026-01-01T00:00:00Z', endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : '2026-01-01T01:00:00Z' },
  });
  const fired = { alerts: ['SlotsIsolated', 'Broken', 'Other'].map((name) => incident(name, 'firing')) };
  expect(await call('takeIncidents', fired)).toEqual({ opened: 3, resolved: 0, known: 0 });
  expect(await call('takeIncidents', fired)).toEqual({ opened: 0, resolved: 0, known: 3 });
  await eventually(async () => {
    const { items } = await call('listAlerts', { name: 'SlotsIsolated' });
    expect(items).toMatchObject([
      { source: 'alertmanager', recovery: { state: 'done', detail: expect.stringContaining('2 slots') } },
    ]);
  });
  await eventually(() => expect(recoveries).toHaveLength(2));
  expect(recoveries).toEqual(
    expect.arrayContaining([
      ['autoRecover', expect.objectContaining({ pool: 'app', strategy: 'conservative' })],
      ['manualRecover', expect.objectContaining({ group_id: group })],
    ]),
  );
  const resolved = { alerts: [incident('Other', 'resolved'), incident('Late', 'resolved')] };
  expect(await call('takeIncidents', resolved)).toEqual({ opened: 0, resolved: 2, known: 0 });
  expect(await call('takeIncidents', { alerts: [incident('Other', 'firing'), incident('Late', 'firing')] })).toMatchObject({
    known: 2,
  });
  expect((await call('listAlerts', { name: 'Other' })).items).toEqual([]);
});

it('of two that have decided the same, one writes, and what is told goes with its write alone', async () => {
  const { store } = replicas.at(-1) as MetricsServiceUnderTest;
  const alerts = new AlertStore(store);
  const at = new Date();
  const alert = (id: string): Alert => ({
    ...{ _id: id, open_key: 'shop/gone x', source: 'condition', name: 'gone', tenant: 'shop', subject: 'x', state: 'firing' },
    ...{
      severity: 'page',
      summary: '',
      runbook_url: null,
      value: 1,
      hushed_by: null,
      since: at,
      fired_at: at,
      clear_since: null,
    },
    ...{ told_at: at, resolved_at: null, labels: {}, recovery: null, rev: 0 },
  });
  let told = 0;
  const tell = (): Promise<void> => {
    told += 1;
    return Promise.resolve();
  };
  const opened = await Promise.all(['one', 'two'].map((id) => alerts.write(null, alert(id), tell)));
  expect(opened.filter(Boolean)).toHaveLength(1);
  expect(told).toBe(1);
  const open = alert(opened[0] ? 'one' : 'two');
  const changed = [await alerts.write(open, { ...open, value: 2 }, tell), await alerts.write(open, { ...open, value: 3 }, tell)];
  // The service itself resolves what no condition stands for, and may have come first.
  expect(changed.filter(Boolean).length).toBeLessThanOrEqual(1);
  expect(changed[1]).toBe(false);
});
