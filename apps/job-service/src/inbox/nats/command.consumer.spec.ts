import { expect, test } from '@jest/globals';
import { subjects } from '@kintsugi/contracts';
import { readCommand } from './command.consumer.js';

test.each(['constructor', '__proto__', 'toString', 'destroyJob'])('a command named %s is unknown', (name) => {
  const subject = subjects.command('createJob').replace('createJob', name);
  expect(() => readCommand(subject, new TextEncoder().encode('{}'))).toThrow(expect.objectContaining({ code: 'ACTION_UNKNOWN' }));
});
