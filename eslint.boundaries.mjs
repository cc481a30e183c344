/**
 * What bus, driver, timer and stream call has a boundary, or one message could end its process: ESLint refuses these forms
 * where a service or a worker runs. `libs/shared/boundary` says what stands in their place.
 */

const rawTimer = {
  selector:
    'CallExpression[callee.name=/^(setTimeout|setInterval|setImmediate|queueMicrotask)$/]:not([arguments.0.name="resolve"])',
  message: 'What a timer runs has a boundary: every(), after() or soon() of @kintsugi/boundary.',
};
const rawListener = {
  selector:
    'CallExpression[callee.property.name=/^(on|once|prependListener|addListener|addEventListener)$/][arguments.0.type="Literal"] > :function.arguments:not(:first-child)',
  message: 'What an emitter calls has a boundary: guarded() of @kintsugi/boundary.',
};
const rawPromise = {
  selector: 'UnaryExpression[operator="void"] > CallExpression',
  message: 'A promise that nobody awaits is handed to inBackground() of @kintsugi/boundary.',
};
/** The driver of MongoDB ignores it since 7.8, and what it was to bound waits for ever. */
const ignoredTimeout = {
  selector: 'Property[key.name="timeoutMS"]',
  message: 'The driver ignores timeoutMS: bound the answer by inTime() of @kintsugi/persistence.',
};

export const rawCallbacks = [rawTimer, rawListener, rawPromise, ignoredTimeout];
