import { describe, expect, it } from '@jest/globals';
import { nameOfSetAsideLog, outdatedLogs, readSetAsideLog } from './log-retention.js';

const now = new Date('2026-02-10T12:00:00.000Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * 3600 * 1000);

describe('logs that were set aside', () => {
  it('carry their process and their time in their name', () => {
    const name = nameOfSetAsideLog('job-service', now);
    expect(name).toBe('job-service.2026-02-10T12-00-00-000Z.log');
    expect(readSetAsideLog(name)).toEqual({ fileName: name, owner: 'job-service', setAsideAt: now });
  });

  it('go after their days', () => {
    const names = [nameOfSetAsideLog('nats', daysAgo(6.9)), nameOfSetAsideLog('nats', daysAgo(7.1))];
    expect(outdatedLogs(names, now, 7)).toEqual([names[1]]);
  });

  it('go, the oldest first, when one process has more than five', () => {
    const names = [1, 2, 3, 4, 5, 6, 7].map((days) => nameOfSetAsideLog('worker-1', daysAgo(days / 10)));
    const others = [nameOfSetAsideLog('gateway', daysAgo(3))];
    expect(outdatedLogs([...names, ...others], now, 7)).toEqual([names[5], names[6]]);
  });

  it('are the only files that ever go', () => {
    expect(outdatedLogs(['gateway.log', 'notes.txt', 'mongo.2020-01-01.log', '.log'], now, 0)).toEqual([]);
  });
});
