import type { Transform } from 'node:stream';
import { constants, createBrotliCompress, createGzip, createZstdCompress } from 'node:zlib';
import type { Coding } from './directives.ts';

/** An encoder that hands out every write at once, so that a coded stream still arrives event by event. */
export const createEncoder = (coding: Coding): Transform => {
  switch (coding) {
    case 'gzip':
      return createGzip({ flush: constants.Z_SYNC_FLUSH });
    case 'br':
      return createBrotliCompress({
        flush: constants.BROTLI_OPERATION_FLUSH,
        params: { [constants.BROTLI_PARAM_QUALITY]: 4 },
      });
    case 'zstd':
      return createZstdCompress({ flush: constants.ZSTD_e_flush });
    default:
      return coding satisfies never;
  }
};
