import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { v7 } from 'uuid';
import { Bus, applyTopology, callAction } from '@kintsugi/messaging';
import { Store } from '@kintsugi/persistence';
import { startTestServers } from '@kintsugi/testing';

/**
 * Measures the failure inbox as it runs: pages of groups, and searches among error records, asked over NATS of one process.
 * Build first, then: node tools/bench/measure-inbox.mjs [records] [groups]
 */
const recordsTotal = Number(process.argv[2] ?? 1_000_000);
const groupsTotal = Number(process.argv[3] ?? 10_000);
const asked = 300;
const batch = 10_000;
const start = Date.parse('2026-10-28T00:00:00.000Z');
const spanMs = 30 * 86_400_000;

const say = (line) => process.stdout.write(`${line}\n`);
const iso = (ms) => new Date(ms).toISOString();
const groupId = (number) => `grp_${hash('md5', String(number))}`;
const typeOf = (number) => ['smtp.550', 'smtp.451', 'net.timeout', 'net.reset', 'http.503'][number % 5];
const uuids = Array.from({ length: 4_000 }, () => v7());

function recordOf(number) {
  const group = (number * 7_919) % groupsTotal;
  const uuid = uuids[number % uuids.length];
  const place = Math.floor(number / uuids.length);
  const at = iso(start + Math.floor((number / recordsTotal) * spanMs));
  const status = ['recovered', 'recovered', 'recovered', 'failed', 'pending'][number % 5];
  const error_type = typeOf(group);
  return {
    _id: `err_${uuid}.${Math.floor(place / 256)}.${place % 256}`,
    ...{
      task_id: `task_${uuid}.${Math.floor(place / 256)}.${place % 256}`,
      job_id: `job_${uuid}`,
      job_type: 'smtp.send',
      error_type,
    },
    error_message: `Relay ${number} of the pool ${group} has refused recipient${number}@example.com`,
    stack_trace: `Error: refused\n    at send (/app/relay.js:${group}:1)\n    at run (/app/main.js:2:3)`,
    ...{ timestamp: at, retry_count: 1, recovery_status: status, recovery_attempts: [], decision: ['attempts left: none of 4'] },
    failed_runs: [{ attempt: 1, failed_at: at, error_type, retry_delay_ms: null }],
    ...{ group_id: groupId(group), group_title: `Relay <*> of the pool ${group} has refused <*>`, next_retry_at: null },
    phase: { recovered: 'recovered', failed: 'discarded', pending: 'quarantined' }[status],
    ...{ attempt: 1, failures: 1, forgiven_failures: 0, resend_at: null, resends: 0, manual_recovery_id: null, version: 1 },
  };
}

function groupOf(number) {
  const at = iso(start + Math.floor((number / groupsTotal) * spanMs));
  return {
    ...{
      _id: groupId(number),
      tenant: 'default',
      error_type: typeOf(number),
      title: `Relay <*> of the pool ${number} has refused <*>`,
    },
    ...{ frames: ['send /app/relay.js'], count: Math.ceil(recordsTotal / groupsTotal), first_seen: iso(start), last_seen: at },
    hours: Array.from({ length: 24 }, () => ({ hour: 0, count: 0 })),
    ...{ job_types: ['smtp.send'], recent_job_ids: [`job_${uuids[0]}`], example_record_id: `err_${uuids[0]}.0.0` },
    ...{ state: number % 3 === 0 ? 'resolved' : 'open', state_at: at, ignored_until: null, ignored_count: null, assignee: null },
    ...{ note: null, regressions: 0, regressed_at: null, merged_into: null, events: [], version: 1 },
  };
}

async function fill(collection, total, make) {
  for (let from = 0; from < total; from += batch) {
    const documents = Array.from({ length: Math.min(batch, total - from) }, (_, at) => make(from + at));
    await collection.insertMany(documents, { ordered: false });
  }
}

async function measured(name, bus, action, request) {
  const times = [];
  for (let index = 0; index < asked; index += 1) {
    const began = performance.now();
    await callAction(bus, action, request(index));
    times.push(performance.now() - began);
  }
  times.sort((one, other) => one - other);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))].toFixed(1);
  say(`${name.padEnd(44)} p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
}

async function follows(bus, action, request, pages) {
  let cursor;
  const times = [];
  for (let page = 0; page < pages; page += 1) {
    const began = performance.now();
    const { next_cursor } = await callAction(bus, action, { ...request, ...(cursor ? { cursor } : {}) });
    times.push(performance.now() - began);
    cursor = next_cursor;
    if (!cursor) break;
  }
  times.sort((one, other) => one - other);
  say(
    `${`${action}, ${times.length} pages on end`.padEnd(44)} p50 ${times[times.length >> 1].toFixed(1)} ms, max ${times.at(-1).toFixed(1)} ms`,
  );
}

const servers = await startTestServers();
const bus = await Bus.connect({ servers: servers.natsUrl, name: 'measure-inbox' });
await applyTopology(bus);
const environment = { ...process.env, NATS_URL: servers.natsUrl, MONGO_URL: servers.mongoUrl, LOG_LEVEL: 'error', OPS_PORT: '0' };
const service = spawn(process.execPath, ['tools/bundles/dist/recovery-service.js'], { env: environment, stdio: 'inherit' });
try {
  for (;;) {
    const ready = await callAction(bus, 'listGroups', {}).then(
      () => true,
      () => false,
    );
    if (ready) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const store = await Store.connect(
    { url: servers.mongoUrl, database: 'kintsugi_recovery', applicationName: 'measure' },
    () => undefined,
  );
  const began = performance.now();
  await fill(store.collection('error_records'), recordsTotal, recordOf);
  await fill(store.collection('failure_groups'), groupsTotal, groupOf);
  say(`${recordsTotal} records in ${groupsTotal} groups, stored in ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  const job = (index) => `job_${uuids[(index * 37) % uuids.length]}`;
  const from = (index) => iso(start + (index % 29) * 86_400_000);
  await measured('listGroups, first page of 50', bus, 'listGroups', () => ({}));
  await measured('listGroups, open ones', bus, 'listGroups', () => ({ state: 'open' }));
  await measured('listGroups, of a type', bus, 'listGroups', (index) => ({ error_type: typeOf(index) }));
  await follows(bus, 'listGroups', { state: 'open' }, 130);
  await measured('getGroup', bus, 'getGroup', (index) => ({ group_id: groupId((index * 31) % groupsTotal) }));
  await measured('listErrors, of a group', bus, 'listErrors', (index) => ({ group_id: groupId((index * 31) % groupsTotal) }));
  await measured('listErrors, of a job', bus, 'listErrors', (index) => ({ job_id: job(index) }));
  await measured('listErrors, of a prefix and a day', bus, 'listErrors', (index) => ({
    error_type: 'smtp.*',
    from: from(index),
  }));
  await measured('listErrors, that failed', bus, 'listErrors', () => ({ recovery_status: 'failed' }));
  await measured('listErrors, with a common text', bus, 'listErrors', () => ({ text: 'REFUSED recipient' }));
  await measured('listErrors, with a text, of a job', bus, 'listErrors', (index) => ({ job_id: job(index), text: 'pool 77' }));
  await measured('listErrors, with a text, of a day', bus, 'listErrors', (index) => ({
    ...{ text: 'pool 77', from: from(index), to: iso(Date.parse(from(index)) + 86_400_000) },
  }));
  await store.close();
} finally {
  service.kill();
  await bus.close();
  await servers.stop();
}
