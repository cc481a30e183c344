// Sends commands with a reply subject as fast as the server takes them, and ends when it has taken them all.
import { once } from 'node:events';
import { connect } from 'node:net';

const [port, count, bytes] = process.argv.slice(2).map(Number);
const socket = connect(port, '127.0.0.1');
const body = '['.repeat(bytes);
socket.write('CONNECT {"verbose":false}\r\n');
for (let sent = 0; sent < count; sent += 1) {
  if (!socket.write(`PUB kin.cmd.createJob _INBOX.flood ${bytes}\r\n${body}\r\n`)) await once(socket, 'drain');
}
socket.write('PING\r\n');
for await (const said of socket) if (said.includes('PONG')) break;
socket.destroy();
