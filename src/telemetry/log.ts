import pino from 'pino';

type Field = string | number | boolean | null | undefined;
/** Only these may be logged: ids, kinds and numbers. No address, no name, no text that a person or a server wrote. */
export type LogFields = Partial<
  Record<
    | 'conversation'
    | 'check'
    | 'job'
    | 'kind'
    | 'slot'
    | 'platform'
    | 'attempts'
    | 'code'
    | 'name'
    | 'ms'
    | 'count'
    | 'verdict'
    | 'url'
    | 'stack',
    Field
  >
>;

export type Log = Record<'debug' | 'info' | 'warn' | 'error', (event: string, fields?: LogFields) => void>;

/** Library errors carry texts of servers and people: only their kind, code and our own place in the code are kept. */
export const errorFields = (error: unknown): LogFields => {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  const stack = error.stack
    ?.split('\n')
    .slice(1, 6)
    .map((line) => line.trim())
    .join(' | ');
  return { name: error.name, code, stack };
};

/** Structured lines on standard output. */
export const createLog = (level: 'debug' | 'info' | 'warn' | 'error' | 'silent'): Log => {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  const write =
    (severity: keyof Log) =>
    (event: string, fields: LogFields = {}): void =>
      logger[severity](fields, event);
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
};
