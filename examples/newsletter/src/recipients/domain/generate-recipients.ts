import { draw } from '../../draw.js';
import { mistypedDomain } from './mistyped-domain.js';
import type { Recipient } from './recipient.js';

/** Which share of the recipients has its mailbox where; the rest is at example.com. */
const shareOfDomain: [string, number][] = [
  ['example.net', 0.25],
  ['example.org', 0.225],
  ['post.example.test', 0.05],
  [mistypedDomain.meant, 0.05],
  [mistypedDomain.typed, 0.025],
];

const people: Record<string, { given: string[]; family: string[] }> = {
  en: {
    given: ['Alice', 'Benjamin', 'Charlotte', 'Daniel', 'Emma', 'George', 'Hannah', 'Isaac', 'Lucy', 'Oliver'],
    family: ['Adams', 'Baker', 'Clarke', 'Evans', 'Hughes', 'Morgan', "O'Brien", 'Taylor', 'Walker', 'Wright'],
  },
  ja: {
    given: ['Akira', 'Emi', 'Haruka', 'Kenji', 'Mai', 'Naoki', 'Ren', 'Sakura', 'Takumi', 'Yui'],
    family: ['Fujita', 'Hayashi', 'Ito', 'Kobayashi', 'Mori', 'Nakamura', 'Sato', 'Suzuki', 'Tanaka', 'Yamamoto'],
  },
  de: {
    given: ['Anna', 'Björn', 'Clara', 'Felix', 'Greta', 'Jürgen', 'Karl', 'Lena', 'Moritz', 'Sören'],
    family: ['Becker', 'Fischer', 'Hoffmann', 'Krüger', 'Lehmann', 'Müller', 'Neumann', 'Schäfer', 'Vogel', 'Weber'],
  },
  es: {
    given: ['Álvaro', 'Beatriz', 'Carmen', 'Diego', 'Elena', 'Íñigo', 'Julia', 'Lucía', 'Mateo', 'Sofía'],
    family: ['Álvarez', 'Castro', 'Díaz', 'García', 'Ibáñez', 'López', 'Muñoz', 'Núñez', 'Romero', 'Vega'],
  },
};

const languages = Object.keys(people);

/** The seed of the list that comes with the example. */
export const listSeed = 'newsletter';

/** Invents recipients, always the same ones for the same seed. Their domains are reserved for examples. */
export function* generateRecipients(count: number, seed: string): Generator<Recipient> {
  for (let number = 1; number <= count; number += 1) {
    const id = `r${String(number).padStart(5, '0')}`;
    const language = pick(languages, draw(seed, `${id} language`));
    const { given, family } = people[language] ?? { given: [], family: [] };
    const givenName = pick(given, draw(seed, `${id} given name`));
    const familyName = pick(family, draw(seed, `${id} family name`));
    const titled = draw(seed, `${id} title`) < 0.02;
    yield {
      id,
      email: `${plain(givenName)}.${plain(familyName)}${number}@${domainAt(draw(seed, `${id} domain`))}`,
      name: `${givenName} ${familyName}${titled ? ', PhD' : ''}`,
      language,
    };
  }
}

function pick(choices: string[], chance: number): string {
  return choices[Math.floor(chance * choices.length)] ?? '';
}

function domainAt(chance: number): string {
  let below = 0;
  for (const [domain, share] of shareOfDomain) {
    below += share;
    if (chance < below) return domain;
  }
  return 'example.com';
}

/** The name as it stands in an address: lower-case ASCII letters. */
function plain(name: string): string {
  return name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
}
