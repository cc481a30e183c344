export interface Lock {
  readonly descriptor: number;
  noteChild(pid: number): void;
  release(): void;
}

export function acquireLock(path: string, onWait: (pid: number | undefined) => void): Promise<Lock>;
