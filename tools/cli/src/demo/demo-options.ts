/** What the demo was asked for. */
export interface DemoOptions {
  csv?: string;
  tasks?: number;
  seed?: string;
  keep?: boolean;
}
