import pino from 'pino';

/** Ids, kinds, codes and counts only: no address, no host, nothing that a person or a server wrote. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;
export type Log = Record<'info' | 'warn' | 'error', (fields: LogFields, message: string) => void>;
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** What may be kept of an error: its kind and our own place in the code. The words of libraries quote servers and people. */
export const errorFields = (error: unknown): LogFields => {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  const place = error.stack?.split('\n').find((line) => line.startsWith('    at ')) ?? '';
  return { error: error.name, code, place: place.trim() };
};

/** Structured lines on standard output. */
export const createLog = (level: LogLevel): Log => {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
};
