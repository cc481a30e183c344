import { Controller, Get, Header, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ProblemError, shown } from '@kintsugi/contracts';
import { OpenToAnyone } from '../../keys/http/access.js';
import { buildOpenApi } from '../build-openapi.js';
import { docsFile, docsPage, type DocsFile } from './docs-files.js';

const cachedForMinutes = 'public, max-age=600';

/** The description of this API and a page to try it. Both are the same for everybody and hold nothing that a key protects. */
@Controller()
export class OpenApiController {
  /** Made for the first who asks: it takes a tenth of a second of processor time, which a start is better without. */
  private document: string | null = null;

  @Get('openapi.json')
  @OpenToAnyone()
  @Header('content-type', 'application/json; charset=utf-8')
  openApi(): string {
    this.document ??= JSON.stringify(buildOpenApi());
    return this.document;
  }

  @Get('docs')
  @OpenToAnyone()
  docs(@Res({ passthrough: true }) reply: FastifyReply): DocsFile['content'] {
    reply.header('content-type', docsPage.mediaType);
    return docsPage.content;
  }

  @Get('docs/:file')
  @OpenToAnyone()
  async docsFile(@Param('file') name: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<DocsFile['content']> {
    const file = await docsFile(name);
    if (!file) throw new ProblemError('ROUTE_NOT_FOUND', `There is no file ${shown(name)} of the documentation page.`);
    reply.headers({ 'content-type': file.mediaType, 'cache-control': cachedForMinutes });
    return file.content;
  }
}
