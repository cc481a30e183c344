import { placeOf } from '../terminal/places.js';
import { settingsSources } from './settings-sources.js';

const plainWord = /^[\w./~@%+,:=-]+$/;

/** The option that a command needs to find a home, as it is typed; null where the settings name it already. */
export function homeOption(home: string, environment: NodeJS.ProcessEnv): string | null {
  if (settingsSources({}, environment).home === home) return null;
  const place = placeOf(home);
  return `--home ${plainWord.test(place) ? place : `'${home.replaceAll("'", String.raw`'\''`)}'`}`;
}
