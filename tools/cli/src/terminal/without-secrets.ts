/** Behind a door of its own: a failure loads the contracts, and most commands do without them. */
export { withoutSecrets } from '@kintsugi/contracts';
