/**
 * What a demo takes over from the environment it is started in: all but the settings of the user's own platform, so
 * that it never comes near its servers. Each setting can also be the name of a file that holds it.
 */
export function ownEnvironment(environment: NodeJS.ProcessEnv, settings: readonly string[]): NodeJS.ProcessEnv {
  const foreign = new Set(settings.flatMap((name) => [name, `${name}_FILE`]));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !foreign.has(name)));
}
