export { quantileOf } from './quantile.js';
export { wilsonInterval, type Interval } from './wilson-interval.js';
