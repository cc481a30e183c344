/** A host of pools, as it was last heard of. */
export interface KnownHost {
  host: string;
  pools: string[];
  heardAt: Date;
}

/** The hosts of pools that were heard of, so that one that is away is missed after a restart too. */
export abstract class KnownHosts {
  abstract all(): Promise<KnownHost[]>;
  abstract keep(known: KnownHost): Promise<void>;
  abstract forget(host: string): Promise<void>;
}
