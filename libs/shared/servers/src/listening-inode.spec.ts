import { describe, expect, test } from '@jest/globals';
import { listeningInode } from './listening-inode.js';

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F40 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 11111 1 0000 20 4 30 10 -1
   1: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 22222 1 0000 100 0 0 10 0
`;

describe('the socket that listens on a port', () => {
  test('is found by port and state', () => {
    expect(listeningInode(table, 8000)).toBe('22222');
  });

  test('is not an outgoing connection, nor one on another port', () => {
    expect(listeningInode(table, 8001)).toBeUndefined();
    expect(listeningInode('', 8000)).toBeUndefined();
  });

  test('is found in the longer lines of the IPv6 table', () => {
    const line =
      '   0: 00000000000000000000000000000000:105E 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 33333 1';
    expect(listeningInode(`header\n${line}`, 4190)).toBe('33333');
  });
});
