import { settingsOrExit } from '../settings-or-exit.js';
import { serveLedger } from './http/ledger-endpoint.js';
import { SmtpWorld } from './smtp/smtp-world.js';
import { smtpWorldSettings } from './smtp-world.config.js';

/** The SMTP world as a process of its own. When it is ready it prints one line of JSON that says where it listens. */
const settings = settingsOrExit(smtpWorldSettings);
const world = new SmtpWorld({ seed: settings.SMTP_WORLD_SEED, port: settings.SMTP_WORLD_PORT });
const smtpPort = await world.start().catch((error: unknown) => exitForPort('SMTP_WORLD_PORT', error));
const ledger = await serveLedger(settings.SMTP_WORLD_LEDGER_PORT, () => world.ledger()).catch((error: unknown) =>
  exitForPort('SMTP_WORLD_LEDGER_PORT', error),
);

/** Ends the process with the setting that names the port which cannot be had. */
function exitForPort(setting: 'SMTP_WORLD_PORT' | 'SMTP_WORLD_LEDGER_PORT', error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  const reason = code === 'EADDRINUSE' ? 'is taken by another process' : `cannot be had (${code})`;
  process.stderr.write(`Port ${settings[setting]} ${reason}; set ${setting} to another, or to 0 for any free one.\n`);
  process.exit(1);
}

let stopping = false;
function stop(): void {
  if (stopping) return;
  stopping = true;
  ledger.server.close();
  ledger.server.closeAllConnections();
  void world.stop().then(() => process.exit(0));
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
if (settings.KINTSUGI_LEASHED === '1') {
  process.stdin.on('end', stop);
  process.stdin.on('error', stop);
  process.stdin.resume();
}
process.stdout.write(`${JSON.stringify({ smtp_port: smtpPort, ledger_url: `http://127.0.0.1:${ledger.port}/ledger` })}\n`);
