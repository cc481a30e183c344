/** Each lane is a service with this one handler. */
export const handlerName = 'run';
