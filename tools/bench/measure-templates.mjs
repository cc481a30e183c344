import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MessageTemplates } from '@kintsugi/message-templates';

/**
 * Measures how many messages a second are sorted by kind on one core, and what hostile ones take.
 * Build first, then: node tools/bench/measure-templates.mjs [folder of texts]
 * Without a folder the messages are made: forty kinds, with values and names that differ.
 */
const rounds = 5;
const folder = process.argv[2];
const messages = folder ? linesIn(folder) : madeUp(20_000);

const rates = Array.from({ length: rounds }, () => {
  const templates = new MessageTemplates();
  const begun = performance.now();
  for (const message of messages) templates.templateOf(message);
  return messages.length / ((performance.now() - begun) / 1000);
});
say(
  `${messages.length} messages: ${Math.round(median(rates)).toLocaleString('en')} a second (${rates.map((rate) => Math.round(rate)).join(', ')})`,
);

const hostile = {
  '1 MB of 100,000 words': 'ab 12 c=d '.repeat(100_000),
  '1 MB without a space': 'a1.'.repeat(333_333),
  '1 MB of colons': ':'.repeat(1_000_000),
  '1 MB of quotes': `"'\``.repeat(333_333),
  '1 MB of slashes': '/a'.repeat(500_000),
  '1 MB of at signs': 'a@b.'.repeat(250_000),
};
for (const [name, message] of Object.entries(hostile)) {
  const times = Array.from({ length: rounds }, (_, round) => {
    const templates = new MessageTemplates();
    const begun = performance.now();
    templates.templateOf(`${round} ${message}`);
    return performance.now() - begun;
  });
  say(`${name}: ${Math.max(...times).toFixed(1)} ms at most`);
}

function linesIn(path) {
  const files = readdirSync(path).map((name) => join(path, name));
  return files.filter((file) => existsSync(file)).flatMap((file) => readFileSync(file, 'utf8').split('\n'));
}

function madeUp(count) {
  const verbs = ['opened', 'closed', 'refused', 'lost', 'sent', 'read', 'kept', 'found'];
  const things = ['mailbox', 'letter', 'channel', 'session', 'block'];
  return Array.from({ length: count }, (_, at) => {
    const verb = verbs[at % verbs.length];
    const thing = things[at % things.length];
    const address = `10.0.${at % 250}.${(at * 7) % 250}:${1024 + (at % 5000)}`;
    return `${thing} ${at * 31} of user${at % 300} ${verb} by ${address} after ${at % 90}.${at % 10} ms: /var/spool/${thing}/${at}`;
  });
}

function median(values) {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
