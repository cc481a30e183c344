import { describe, expect, test } from '@jest/globals';
import { isAllowed, isPrivateAddress } from './private-address.js';

describe('addresses that are none of the public internet', () => {
  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '168.63.129.16',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    '::127.0.0.1',
    'nonsense',
    '',
  ])('%s', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });
});

describe('addresses that are', () => {
  test.each(['1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:1.1.1.1'])('%s', (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });
});

describe('a private address is allowed', () => {
  test.each(['db.internal', 'db.internal:80', '10.1.2.3', '10.1.0.0/16', '10.1.2.3/32'])('by %s', (entry) => {
    expect(isAllowed([entry], 'db.internal', 80, '10.1.2.3')).toBe(true);
  });

  test.each(['internal', 'db.internal:81', '10.1.2', '10.2.0.0/16', '10.1.0.0/99', '10.1.0.0/', '::/0'])(
    'and not by %s',
    (entry) => {
      expect(isAllowed([entry], 'db.internal', 80, '10.1.2.3')).toBe(false);
    },
  );
});
