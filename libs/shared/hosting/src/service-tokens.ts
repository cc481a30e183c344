/** What the parts of a service ask Nest for by a name, because no class stands for it; all else is asked for by its class. */

/** The settings of the service, as its `*.config.ts` types them. */
export const SETTINGS = Symbol('settings');

/** The log, a `Logger` of observability. */
export const LOGGER = Symbol('logger');

/** The door for HTTP that the service has opened. */
export const HTTP_DOOR = Symbol('HTTP door');
