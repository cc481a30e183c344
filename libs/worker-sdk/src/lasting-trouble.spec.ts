import { expect, test } from '@jest/globals';
import { LastingTrouble } from './lasting-trouble.js';

test('a trouble is said when it comes, again each minute while it lasts, and when it is over', () => {
  let now = 0;
  const said: string[] = [];
  const trouble = new LastingTrouble(
    (line) => void said.push(line),
    () => now,
  );
  trouble.isOver('well');
  for (; now < 150_000; now += 1_000) trouble.lasts('away', `away at ${now}`);
  trouble.lasts('unheard', 'unheard');
  trouble.isOver('well');
  trouble.isOver('well');
  expect(said).toEqual(['away at 0', 'away at 60000', 'away at 120000', 'unheard', 'well']);
});
