import type { NatsTls } from './nats-login.js';

export interface PulseOrder {
  places: { host: string; port: number }[];
  /** What the server is told once connected. */
  greeting: Record<string, unknown>;
  /** Signs what the server asks. */
  privateKey?: Uint8Array;
  /** The line is TLS or there is none. */
  tls?: NatsTls;
  /** Sent at each beat, as the protocol has it. */
  beat: string;
  everyMs: number;
}

/**
 * What the thread of a pulse runs, as text: a file of its own would be lost by a bundler, and the text of a function
 * changed by a minifier. As much of the NATS protocol as it takes to publish; every fourth beat asks for an answer, and a server
 * that gives none for long is dialled anew.
 */
export const pulseThread = `
'use strict';
const net = require('node:net');
const tls = require('node:tls');
const { createPrivateKey, sign } = require('node:crypto');
const order = require('node:worker_threads').workerData;
const { places, beat, everyMs } = order;
const privateKey =
  order.privateKey && createPrivateKey({ key: Buffer.from(order.privateKey), format: 'der', type: 'pkcs8' });
const unansweredMax = 10;
const beatsPerPing = 4;
let turn = 0;

function dial() {
  const { host, port } = places[turn % places.length];
  turn += 1;
  let socket = net.connect(port, host);
  let text = '';
  let greeted = false;
  let unanswered = 0;
  let beats = 0;
  let isOver = false;

  const over = () => {
    if (isOver) return;
    isOver = true;
    clearInterval(timer);
    socket.destroy();
    setTimeout(dial, everyMs);
  };
  const greet = (info) => {
    greeted = true;
    const isSecure = info.tls_required || info.tls_available;
    if (order.tls && !isSecure) return over();
    if (isSecure) {
      socket.removeAllListeners('data');
      socket = tls.connect({ socket, servername: net.isIP(host) ? '' : host, ...order.tls });
      listen();
    }
    const signed = privateKey ? { sig: sign(null, Buffer.from(info.nonce || ''), privateKey).toString('base64url') } : {};
    socket.write('CONNECT ' + JSON.stringify({ ...order.greeting, ...signed }) + '\\r\\n' + beat + 'PING\\r\\n');
  };
  const take = (bytes) => {
    const lines = (text + bytes.toString('latin1')).split('\\r\\n');
    text = lines.pop();
    unanswered = 0;
    for (const line of lines) {
      if (line === 'PING') socket.write('PONG\\r\\n');
      else if (!greeted && line.startsWith('INFO ')) greet(JSON.parse(line.slice(5)));
    }
  };
  const listen = () => {
    socket.setNoDelay(true).on('data', take).on('error', () => undefined).on('close', over);
  };
  const timer = setInterval(() => {
    unanswered += 1;
    if (unanswered > unansweredMax) over();
    else if (greeted) socket.write((beats += 1) % beatsPerPing === 0 ? beat + 'PING\\r\\n' : beat);
  }, everyMs);
  listen();
}

dial();
`;
