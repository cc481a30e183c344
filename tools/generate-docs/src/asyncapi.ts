import { z } from 'zod';
import {
  ACTOR_HEADER,
  REPLY_TO_HEADER,
  commands,
  eventCatalogue,
  eventType,
  streams,
  subjects,
  type CommandName,
  type EventName,
  type StreamName,
} from '@kintsugi/contracts';
import { streamOf } from './streams.js';
import { textOf } from './workspace.js';

type Json = Record<string, unknown>;

const eventNames = Object.keys(eventCatalogue) as EventName[];
const commandNames = Object.keys(commands) as CommandName[];

/** AsyncAPI 3 of what travels by NATS to and from others: durable commands, which the platform receives, and events, which it sends. */
export function asyncApiText(): string {
  return `${JSON.stringify(asyncApi(), null, 2)}\n`;
}

export function asyncApi(): Json {
  const { version } = JSON.parse(textOf('package.json')) as { version: string };
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Kintsugi over NATS',
      version,
      description:
        'Durable commands are published to the platform, events come from it; both are kept in JetStream and delivered at least once. Requests that are answered at once are in the reference of commands.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      nats: {
        host: '{host}',
        protocol: 'nats',
        description: 'The NATS server of the platform.',
        variables: { host: { default: '127.0.0.1:4222', description: 'Its host and port.' } },
      },
    },
    channels: { ...byId(commandNames, commandChannel), ...byId(eventNames, eventChannel) },
    operations: { ...byId(commandNames, commandOperation), ...byId(eventNames, eventOperation) },
    components: {
      messages: { ...byId(commandNames, commandMessage), ...byId(eventNames, eventMessage) },
      schemas: { commandHeaders, eventHeaders },
    },
  };
}

function byId<Name extends string>(names: readonly Name[], make: (name: Name) => Json): Record<string, Json> {
  return Object.fromEntries(names.map((name) => [name, make(name)]));
}

function commandChannel(name: CommandName): Json {
  return channel(name, subjects.command(name), commands[name].about, streamOf(subjects.allCommands));
}

function eventChannel(name: EventName): Json {
  return channel(name, subjects.event(name), eventCatalogue[name].about, streamOf(subjects.allEvents));
}

function channel(name: string, address: string, about: string, stream: StreamName): Json {
  return {
    address,
    title: name,
    description: `${about} In the stream ${stream}, which drops what comes again under the same Nats-Msg-Id within ${streams[stream].duplicateWindowSeconds} seconds.`,
    servers: [{ $ref: '#/servers/nats' }],
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
  };
}

function commandOperation(name: CommandName): Json {
  return {
    ...operation(name, 'receive', commands[name].about),
    reply: {
      address: {
        location: `$message.header#/${REPLY_TO_HEADER}`,
        description: 'Where the message names it: what came of the command, or the problem, under the header Kin-Problem.',
      },
    },
  };
}

function eventOperation(name: EventName): Json {
  return operation(name, 'send', eventCatalogue[name].about);
}

function operation(name: string, action: 'send' | 'receive', summary: string): Json {
  return {
    action,
    channel: { $ref: `#/channels/${name}` },
    summary,
    messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
  };
}

function commandMessage(name: CommandName): Json {
  const { about, data } = commands[name];
  return { name, summary: about, headers: { $ref: '#/components/schemas/commandHeaders' }, payload: payloadOf(data, 'input') };
}

function eventMessage(name: EventName): Json {
  const { about, source, data } = eventCatalogue[name];
  return {
    name: eventType(name),
    summary: about,
    description: `A CloudEvent in binary mode, from ${source}. Its lists hold every job or task that made the same move in one write.`,
    headers: { $ref: '#/components/schemas/eventHeaders' },
    payload: payloadOf(data, 'output'),
  };
}

/** Schemas of AsyncAPI are those of JSON Schema, draft 7. */
function payloadOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-7' });
  return rest;
}

const text = (description: string): Json => ({ type: 'string', description });

const commandHeaders: Json = {
  type: 'object',
  properties: {
    'Nats-Msg-Id': text('What is published again under the same is dropped.'),
    [REPLY_TO_HEADER]: text('The subject that gets the answer; nobody is answered where it is absent.'),
    [ACTOR_HEADER]: text('Who asks, as JSON; the door `nats` where it is absent.'),
  },
};

const eventHeaders: Json = {
  type: 'object',
  required: ['ce-specversion', 'ce-id', 'ce-type', 'ce-source', 'ce-subject', 'ce-time'],
  properties: {
    'ce-specversion': { type: 'string', const: '1.0', description: 'CloudEvents 1.0.' },
    'ce-id': text('The same where the event comes again.'),
    'ce-type': text('The kind of event and its version.'),
    'ce-source': text('The process that sends it.'),
    'ce-subject': text('What it is about: one id, or the chunk or bundle whose members it lists.'),
    'ce-time': { ...text('When it happened.'), format: 'date-time' },
    'Nats-Msg-Id': text('The id; absent where progress is told, which is not kept for a crash.'),
    'content-type': { type: 'string', const: 'application/json', description: 'What the payload is.' },
  },
};
