export { quantileOf } from './quantile.js';
export { survivalQuantile, type Observations } from './survival-quantile.js';
export { TimeHistogram, type Histogram } from './time-histogram.js';
export { wilsonInterval, type Interval } from './wilson-interval.js';
