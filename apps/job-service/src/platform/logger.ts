/** The log of this process, for injection. */
export const LOGGER = Symbol('logger');
