import { equal } from 'node:assert/strict';
import { MessageTemplates } from '@kintsugi/message-templates';
import { equalText } from '../records/error-records-conformance.js';
import type { LearntTemplates } from './learnt-templates.js';

/** What every keeper of what was learnt of messages promises. It begins without any. */
export const learntTemplatePromises: [promise: string, hold: (kept: LearntTemplates) => Promise<void>][] = [
  ['keeps what was learnt, under the version that was read', keeps],
  ['keeps which groups became one until they were joined', keepsJoined],
];

function learntFrom(...messages: string[]) {
  const templates = new MessageTemplates();
  for (const message of messages) templates.templateOf(message);
  return templates.snapshot();
}

async function keeps(kept: LearntTemplates): Promise<void> {
  const [one, two] = [learntFrom('a $b is c.d'), learntFrom('a $b is c.d', 'port 17 is closed')];
  equalText(await kept.load(['s']), new Map());
  equal(await kept.save('s', 0, one, []), true);
  equal(await kept.save('s', 0, two, []), false);
  equal(await kept.save('s', 1, two, []), true);
  equal(await kept.save('s', 1, one, []), false);
  equalText([...(await kept.load(['s', 't']))], [['s', { version: 2, learnt: two }]]);
}

async function keepsJoined(kept: LearntTemplates): Promise<void> {
  const pair = (from: string) => ({ from, into: 'grp_z' });
  await kept.save('s', 0, learntFrom('a'), [pair('grp_a')]);
  await kept.save('s', 1, learntFrom('b'), [pair('grp_b')]);
  await kept.save('t', 0, learntFrom('c'), []);
  const joined = await kept.joined(9);
  equalText(joined, [
    { scope: 's', from: 'grp_a', into: 'grp_z' },
    { scope: 's', from: 'grp_b', into: 'grp_z' },
  ]);
  for (const each of joined) await kept.wereJoined(each);
  equalText(await kept.joined(9), []);
}
