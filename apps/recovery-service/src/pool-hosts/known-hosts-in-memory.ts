import type { KnownHost, KnownHosts } from './known-hosts.js';

/** The hosts of pools without a database, for specs: they keep to the same promises as those in MongoDB. */
export class KnownHostsInMemory implements KnownHosts {
  private readonly hosts = new Map<string, KnownHost>();

  async all(): Promise<KnownHost[]> {
    return [...this.hosts.values()];
  }

  async keep(known: KnownHost): Promise<void> {
    this.hosts.set(known.host, known);
  }

  async forget(host: string): Promise<void> {
    this.hosts.delete(host);
  }
}
