import { consumers, streams, type ConsumerDefinition, type StreamDefinition, type StreamName } from '@kintsugi/contracts';
import { code, codes, table } from './markdown.js';

const day = 24 * 3600;

/** The stream that holds a subject: how long it keeps its messages, and which durable consumers read it. */
export function streamSection(subject: string): string[] {
  const name = streamOf(subject);
  const { about, subjects, maxAgeSeconds, maxBytes, duplicateWindowSeconds } = streams[name];
  const readers = (Object.entries(consumers) as [string, ConsumerDefinition][]).filter(([, { stream }]) => stream === name);
  return [
    `## The stream ${name}`,
    `${code(name)} holds ${codes(subjects)}. ${about} It keeps messages for ${maxAgeSeconds / day} days and up to ${maxBytes / 1024 ** 3} GiB, and drops a repeated ${code('Nats-Msg-Id')} within ${duplicateWindowSeconds} seconds.`,
    table(
      ['Durable consumer', 'Reads', 'What for'],
      readers.map(([consumer, { filterSubjects, about: purpose }]) => [code(consumer), codes(filterSubjects), purpose]),
    ),
  ];
}

function streamOf(subject: string): StreamName {
  const holders = Object.entries(streams) as [StreamName, StreamDefinition][];
  const [name] = holders.find(([, { subjects }]) => subjects.includes(subject)) ?? [];
  if (!name) throw new Error(`No stream holds ${subject}.`);
  return name;
}
