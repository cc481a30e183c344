import { eventCatalogue, eventType, subjects, type EventName } from '@kintsugi/contracts';
import { fieldTable } from '../fields.js';
import { code, table, type Page } from '../markdown.js';
import { streamSection } from '../streams.js';

export function eventsPage(): Page {
  const names = Object.keys(eventCatalogue) as EventName[];
  const shown = new Map<string, EventName>();
  return {
    title: 'Events',
    intro:
      'What happens to jobs and tasks is told as CloudEvents 1.0 over NATS, at least once each; whoever has a subscription may listen.',
    body: [
      'An event comes in binary mode: its attributes are the headers `ce-id`, `ce-type`, `ce-source`, `ce-subject` and `ce-time`, its data is the JSON payload. One event lists every job or task that made the same move in one write, so a reader always loops. A repeated event has the same `ce-id`. Fields are added over time and never renamed or removed.',
      table(
        ['Event', 'Subject', 'When'],
        names.map((name) => [
          `[${code(name)}](#${name.replace('.', '')})`,
          code(subjects.event(name)),
          eventCatalogue[name].about,
        ]),
      ),
      ...names.flatMap((name) => eventSection(name, shown)),
      ...streamSection(subjects.allEvents),
    ],
  };
}

/** An event whose fields are those of an earlier one refers to it. */
function eventSection(name: EventName, shown: Map<string, EventName>): string[] {
  const { about, source, data } = eventCatalogue[name];
  const fields = fieldTable(data, 'output');
  const twin = shown.get(fields);
  if (!twin) shown.set(fields, name);
  return [
    `## ${name}`,
    `${about} Subject ${code(subjects.event(name))}, type ${code(eventType(name))}, from ${source}.`,
    twin ? `The fields are those of [${code(twin)}](#${twin.replace('.', '')}).` : fields,
  ];
}
