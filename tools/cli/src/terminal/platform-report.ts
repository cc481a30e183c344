import type { PlatformEvent, PlatformState } from '@kintsugi/supervisor';
import type { CommandContext } from '../command-context.js';
import { homeOption } from '../connection/home-option.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import type { Output } from './output.js';
import { placeOf } from './places.js';
import { duration } from './quantities.js';
import { commandLines, wrap } from './text-width.js';

/** Tells how a platform starts, lives and stops. */
export class PlatformReport {
  private adminKey: string | null = null;
  private hasStarted = false;

  private readonly output: Output;
  private readonly environment: NodeJS.ProcessEnv;

  constructor({ output, environment }: CommandContext) {
    this.output = output;
    this.environment = environment;
  }

  starts(home: string, warnings: string[]): void {
    if (this.hasStarted) return;
    this.hasStarted = true;
    this.output.say(
      ...this.wrapped(`Starting in ${placeOf(home)}`),
      ...warnings.flatMap((warning) => this.wrapped(warning)).map(this.output.paint.yellow),
    );
  }

  tell(event: PlatformEvent): void {
    if (event.kind === 'admin_key') this.adminKey = event.key;
    const line = this.lineOf(event);
    if (line !== null) this.output.say(...wrap(line, this.output.columns - 2).map((part) => `  ${part}`));
  }

  ready(state: PlatformState & { admin_key?: string }): ExitCode {
    this.adminKey ??= state.admin_key ?? null;
    const tookMs = Date.parse(state.ready_at ?? state.started_at) - Date.parse(state.started_at);
    const { bold, green } = this.output.paint;
    this.output.result(this.valueOf(state), () => [
      `${bold(green('Ready'))} after ${duration(tookMs)}`,
      '',
      ...this.doors(state),
    ]);
    return exitCodes.ok;
  }

  alreadyRuns(state: PlatformState): ExitCode {
    this.output.result(this.valueOf(state), () => [
      ...this.wrapped(`Runs already, in ${placeOf(state.home)}`),
      '',
      ...this.doors(state),
    ]);
    return exitCodes.ok;
  }

  private valueOf(state: PlatformState): unknown {
    return this.adminKey === null ? state : { ...state, admin_key: this.adminKey };
  }

  /** Where to go from here. */
  private doors({ urls, auth, home, supervisor }: PlatformState): string[] {
    const { bold, yellow } = this.output.paint;
    const access =
      auth === 'off'
        ? yellow('AUTH is off: whoever is on this machine may do everything.')
        : 'Requests need an API key. ./kintsugi has its own; make more with keys create.';
    return [
      `  API      ${bold(urls.api)}`,
      `  Try it   ${urls.api}/docs`,
      ...(urls.prometheus && urls.alertmanager
        ? [`  Watched  ${urls.prometheus} (Prometheus)`, `           ${urls.alertmanager} (Alertmanager)`]
        : []),
      ...wrap(placeOf(home), this.output.columns - 11).map(
        (part, index) => `  ${index === 0 ? 'Data     ' : '         '}${part}`,
      ),
      '',
      access,
      ...this.keyLines(),
      ...(supervisor.pid === process.pid ? ['Ctrl-C stops it.'] : this.howToStop(home)),
    ];
  }

  private howToStop(home: string): string[] {
    const option = homeOption(home, this.environment);
    if (option === null) return ['Stop it with ./kintsugi down.'];
    return ['Stop it with:', ...commandLines('./kintsugi down', option, this.output.columns - 2).map((line) => `  ${line}`)];
  }

  private keyLines(): string[] {
    if (this.adminKey === null) return [];
    return [
      'The admin key, shown this once and kept nowhere:',
      ...wrap(this.adminKey, this.output.columns - 2).map((part) => `  ${part}`),
    ];
  }

  private lineOf(event: PlatformEvent): string | null {
    const { paint } = this.output;
    switch (event.kind) {
      case 'swept':
        return `Ended what an earlier start left behind: ${event.names.join(', ')}`;
      case 'fetching':
        return paint.dim(`Fetching ${event.what}, once`);
      case 'started':
        return paint.dim(`${event.name} is up after ${duration(event.afterMs)}`);
      case 'migrated':
        return `${event.database} is at schema version ${event.version} now`;
      case 'ended': {
        const next =
          event.restartInMs === null
            ? 'it stays down'
            : event.restartInMs === 0
              ? 'starting it again'
              : `starting it again in ${duration(event.restartInMs)}`;
        return `${paint.yellow(`${event.name} ended`)} (${event.reason}); ${next}`;
      }
      case 'sick':
        return `${paint.yellow(`${event.name} is restarted`)}: ${event.reason}`;
      case 'home_unwritable':
        return `${paint.yellow('The home cannot be written')}: ${event.reason}. What runs goes on; what ended starts again once it can`;
      case 'home_writable':
        return 'The home can be written again';
      case 'logs_gone':
        return `${paint.yellow('The folder of the logs was removed')} and is made again; what runs now logs there after its next start`;
      case 'stopping':
        return 'Stopping in order; Ctrl-C again hastens it';
      case 'waiting':
      case 'admin_key':
      case 'ready':
        return null;
    }
  }

  private wrapped(text: string): string[] {
    return wrap(text, this.output.columns);
  }
}
