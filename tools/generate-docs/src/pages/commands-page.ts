import { commands, operations, subjects, type ActionName, type CommandName } from '@kintsugi/contracts';
import { fieldTable, shapeKey } from '../fields.js';
import { code, table, type Page } from '../markdown.js';
import { streamSection } from '../streams.js';

export function commandsPage(): Page {
  const durable = Object.keys(commands) as CommandName[];
  const actions = Object.keys(operations) as ActionName[];
  return {
    title: 'Commands and actions',
    intro:
      'What can be asked: durable commands are published and carried out once they can be, actions are requests that are answered at once.',
    body: [
      '## Durable commands',
      'Publish the JSON of a command to its subject; with `Nats-Msg-Id` a repeat within the window of the stream is dropped. A command that cannot be carried out is kept as a dead letter with its reason, and answered where the message names a reply subject.',
      table(
        ['Command', 'Subject', 'What it asks'],
        durable.map((name) => [code(name), code(subjects.command(name)), commands[name].about]),
      ),
      ...durable.flatMap(commandSection),
      ...streamSection(subjects.allCommands),
      '## Actions',
      'Send the JSON of an action as a NATS request to its subject, or as `{"action": …, "data": …}` to its HTTP endpoint where it has one. A reply with the header `Kin-Problem` is a [problem](problems.md). The role is the least that an API key needs.',
      table(
        ['Action', 'Subject', 'HTTP', 'Role', 'What it does'],
        actions.map((name) => [
          code(name),
          code(subjectOf(name)),
          endpointOf(name),
          operations[name].role,
          operations[name].about,
        ]),
      ),
      ...actions.flatMap(actionSection),
    ],
  };
}

/** What several answers and requests hold is shown once, where it is the whole of one. */
const shapes = new Map([
  [shapeKey(operations.createJob.request, 'input'), '[createJob](#createjob)'],
  [shapeKey(operations.getJob.response, 'output'), '[a job](#getjob)'],
  [shapeKey(operations.getError.response, 'output'), '[an error record](#geterror)'],
]);

function commandSection(name: CommandName): string[] {
  const { about, data } = commands[name];
  return [`### The command ${name}`, about, fieldTable(data, 'input', shapes)];
}

const shownInFull: ActionName[] = ['createJob', 'getJob', 'getError'];

function actionSection(name: ActionName): string[] {
  const { about, request, response } = operations[name];
  const known = shownInFull.includes(name) ? undefined : shapes;
  return [
    `### ${name}`,
    about,
    'The request:',
    fieldTable(request, 'input', known),
    'The answer:',
    fieldTable(response, 'output', known),
  ];
}

function subjectOf(name: ActionName): string {
  return subjects.request(operations[name].service, name);
}

function endpointOf(name: ActionName): string {
  const operation = operations[name];
  return 'endpoint' in operation ? code(`POST ${operation.endpoint}`) : '';
}
