import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { sharedSettings } from '@kintsugi/hosting';
import { instanceName } from './instance-name.js';

const digest = (text: string): string => hash('sha256', text);
const place = { hostName: 'mail-1', home: '/srv/kintsugi', digest };

describe('the name of a process among all that share its servers', () => {
  it('says which process it is, on which host and of which home', () => {
    expect(instanceName('job-service', place)).toMatch(/^job-service@mail-1:[0-9a-f]{8}$/);
  });

  it('is the same after a restart', () => {
    expect(instanceName('job-service', { ...place })).toBe(instanceName('job-service', place));
  });

  it('is another for another process, another home and another host', () => {
    const names = [
      instanceName('job-service', place),
      instanceName('gateway', place),
      instanceName('job-service', { ...place, home: '/srv/second' }),
      instanceName('job-service', { ...place, hostName: 'mail-2' }),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(['mail-1', 'mail-1.example.com', "Ada's Mäc", 'x'.repeat(255), ''])('can be used on a host called %j', (hostName) => {
    const name = instanceName('recovery-service', { ...place, hostName });
    expect(sharedSettings.INSTANCE_ID.parse(name)).toBe(name);
  });
});
