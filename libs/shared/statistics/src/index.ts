export { quantileOf } from './quantile.js';
export { survivalQuantile, type Observation } from './survival-quantile.js';
export { TimeHistogram, type Histogram } from './time-histogram.js';
export { wilsonInterval, type Interval } from './wilson-interval.js';
