import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { freePort } from '@kintsugi/servers';
import { eventually } from '@kintsugi/testing';

/** What becomes of a connection: `drop` ends it in the middle of the answer, `stall` keeps it open and says nothing more. */
export type Weather = 'through' | 'drop' | 'stall';

/** Of the answer so much comes through: the names of refs, and the beginning of a pack. */
const bytesBeforeTrouble = 600;

/** `git daemon` for a folder, behind a door on loopback that fails as it is told. */
export async function startFailingRemote(folder: string) {
  const port = await freePort();
  const options = ['--reuseaddr', '--listen=127.0.0.1', `--port=${port}`, '--export-all', `--base-path=${folder}`, folder];
  const daemon = spawn('git', ['daemon', ...options], { detached: true, stdio: 'ignore' });
  const sockets = new Set<Socket>();
  const door = createServer((client) => {
    asked += 1;
    const weather = forecast.shift() ?? usual;
    const server = connect(port, '127.0.0.1');
    let passed = 0;
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(socket);
          if (weather !== 'stall') for (const other of [client, server]) other.destroy();
        });
    }
    client.pipe(server);
    server.on('data', (part: Buffer) => {
      const room = weather === 'through' ? part.length : Math.max(0, bytesBeforeTrouble - passed);
      passed += part.length;
      if (room > 0) client.write(part.subarray(0, room));
      if (weather === 'drop' && passed >= bytesBeforeTrouble) client.destroy();
    });
  });
  let asked = 0;
  let usual: Weather = 'through';
  const forecast: Weather[] = [];
  await once(door.listen(0, '127.0.0.1'), 'listening');
  await eventually(() => reach(port));
  return {
    url: `git://127.0.0.1:${(door.address() as AddressInfo).port}`,
    /** What becomes of the next connections; and of all others until something else is said. */
    set: (next: Weather, ...first: Weather[]): void => {
      usual = next;
      forecast.splice(0, forecast.length, ...first);
      asked = 0;
    },
    asked: () => asked,
    close: (): void => {
      for (const socket of sockets) socket.destroy();
      door.close();
      if (daemon.pid !== undefined) process.kill(-daemon.pid, 'SIGKILL');
    },
  };
}

/** Rejects where nobody listens. */
async function reach(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}
