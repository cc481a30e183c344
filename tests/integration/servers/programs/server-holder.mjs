// Starts servers and a child that starts a child, tells the pids, and then waits to be killed.
import { spawnLeashed } from '@kintsugi/servers';
import { startTestServers } from '@kintsugi/testing';

const servers = await startTestServers();
const grandchild = `
  const { spawn } = require('node:child_process');
  const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  console.log(child.pid);
  process.on('SIGTERM', () => {});
  setInterval(() => {}, 1000);
`;
const child = spawnLeashed(process.execPath, ['-e', grandchild], { stdio: ['ignore', 'pipe', 'ignore'] });
child.stdout.once('data', (data) => {
  const pids = [servers.nats.pid, servers.mongo.pid, child.pid, Number(data.toString())];
  process.stdout.write(`${JSON.stringify({ pids, folder: servers.folder })}\n`);
});
setInterval(() => undefined, 1_000);
