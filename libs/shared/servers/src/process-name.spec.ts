import { expect, test } from '@jest/globals';
import { processName } from './process-name.js';

test.each([
  ['nginx\n', 'nginx: master process\0', 'nginx'],
  ['kthreadd\n', '', 'kthreadd'],
  [
    'MainThread\n',
    '/usr/bin/node\0--max-old-space-size=512\0apps/gateway/dist/main.js\0--port\0' + '1\0',
    'node apps/gateway/dist/main.js',
  ],
  ['MainThread\n', '/usr/bin/node\0-e\0serve("all of it")\0', 'node'],
  ['MainThread\n', '', 'MainThread'],
])('%j of the command line %j is called as a person knows it', (comm, commandLine, name) => {
  expect(processName(comm, commandLine)).toBe(name);
});
