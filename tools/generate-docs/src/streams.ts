import { consumers, streams, type ConsumerDefinition, type StreamDefinition, type StreamName } from '@kintsugi/contracts';
import { code, codes, table } from './markdown.js';

const day = 24 * 3600;

/** The stream that holds a subject: how long it keeps its messages, and which durable consumers read it. */
export function streamSection(subject: string): string[] {
  const name = streamOf(subject);
  const stream: StreamDefinition = streams[name];
  const { about, subjects, duplicateWindowSeconds } = stream;
  const readers = (Object.entries(consumers) as [string, ConsumerDefinition][]).filter(([, { stream }]) => stream === name);
  return [
    `## The stream ${name}`,
    `${code(name)} holds ${codes(subjects)}. ${about} ${keeping(stream)} A repeated ${code('Nats-Msg-Id')} within ${duplicateWindowSeconds} seconds is dropped.`,
    table(
      ['Durable consumer', 'Reads', 'What for'],
      readers.map(([consumer, { filterSubjects, about: purpose }]) => [code(consumer), codes(filterSubjects), purpose]),
    ),
  ];
}

function keeping({ keeps, maxAgeSeconds, maxBytes }: StreamDefinition): string {
  const room = `${maxBytes / 1024 ** 3} GiB`;
  const time = maxAgeSeconds === null ? 'for as long as it takes' : `for ${maxAgeSeconds / day} days`;
  if (keeps === 'for a time') return `It keeps messages ${time} and up to ${room}; then the oldest give way.`;
  return `It keeps each message until its reader has acknowledged it, ${time}; what would make it larger than ${room} is refused.`;
}

/** The stream that holds a subject. */
export function streamOf(subject: string): StreamName {
  const holders = Object.entries(streams) as [StreamName, StreamDefinition][];
  const [name] = holders.find(([, { subjects }]) => subjects.includes(subject)) ?? [];
  if (!name) throw new Error(`No stream holds ${subject}.`);
  return name;
}
