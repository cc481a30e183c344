import { expect, test } from '@jest/globals';
import { createProgram } from './program.js';

const listing = createProgram().commands.flatMap((command) => {
  const [action] = command.registeredArguments;
  return action?.argChoices?.includes('list') ? [{ name: command.name(), action }] : [];
});

test('what is listed is listed by the command alone, as messages say', () => {
  expect(listing.map(({ name }) => name)).toEqual(expect.arrayContaining(['groups', 'schedules', 'webhooks', 'pool', 'keys']));
});

test.each(listing)('$name needs no action to list', ({ action }) => {
  expect(action).toMatchObject({ required: false });
});
