/** A hundred layers of 10,000 tasks, and a little less than the dependencies that a job may have. */
export const layerTasks = 100;
const parentsPerTask = 10;

/** What a task waits for, by its number: ten of the layer before, others for each task of a layer. */
export function parentsOf(n: number): string[] {
  const layer = Math.floor(n / layerTasks);
  if (layer === 0) return [];
  return Array.from({ length: parentsPerTask }, (_, parent) => String((layer - 1) * layerTasks + ((n + parent) % layerTasks)));
}
