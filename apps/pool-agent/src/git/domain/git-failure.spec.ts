import { describe, expect, test } from '@jest/globals';
import { evidenceOf, hasCrashed, kindOfError, kindOfFailure } from './git-failure.js';

describe('what git said tells', () => {
  test.each([
    ["fatal: unable to access 'https://h/a/': Could not resolve host: h", 'network'],
    ['fatal: unable to connect to 127.0.0.1: errno=Connection refused', 'network'],
    ['fatal: the remote end hung up unexpectedly\nfatal: early EOF', 'network'],
    ['The requested URL returned error: 503', 'network'],
    ['The requested URL returned error: 404', 'refused'],
    ['The requested URL returned error: 302', 'refused'],
    ["fatal: Authentication failed for 'https://h/a/'", 'refused'],
    ['git@h: Permission denied (publickey).', 'refused'],
    ["fatal: transport 'ext' not allowed", 'refused'],
    ['fatal: write error: No space left on device', 'environment'],
    ['error: unable to create temporary file: Read-only file system', 'environment'],
    ["fatal: could not open '.git/index': Permission denied", 'environment'],
    ["fatal: detected dubious ownership in repository at '/x'", 'environment'],
    ['error: object file .git/objects/aa/bb is empty', 'corrupt'],
    ['error: Out of memory, malloc failed (tried to allocate 68719476736 bytes)', 'environment'],
    ['error: Out of memory, malloc failed (tried to allocate 5135146165925640 bytes)\nfatal: it is corrupt', 'corrupt'],
    ['', 'corrupt'],
  ])('%j: %s', (said, kind) => expect(kindOfFailure(said)).toBe(kind));

  test('a crash is its own fault, and the end that somebody gave it is none', () => {
    expect(['SIGSEGV', 'SIGABRT', 'SIGFPE'].map(hasCrashed)).toEqual([true, true, true]);
    expect(['SIGKILL', 'SIGTERM', null].map(hasCrashed)).toEqual([false, false, false]);
  });

  test('a disk that cannot be read is no fault of the repository', () => {
    expect(['SIGBUS', 'SIGILL'].map(hasCrashed)).toEqual([false, false]);
  });

  test('no password, nothing that a terminal acts on, and no more than its end', () => {
    expect(evidenceOf('fatal: https://me:secret@host/a\u001b[31m')).toBe('fatal: https://…@host/a [31m');
    expect(evidenceOf(`${'x'.repeat(5_000)}end`)).toHaveLength(1_001);
  });

  test('and a full disk is no fault of the repository, whoever meets it', () => {
    expect(kindOfError(Object.assign(new Error('no room'), { code: 'ENOSPC' }))).toBe('environment');
    expect(kindOfError(new TypeError('a bug'))).toBeNull();
  });
});
