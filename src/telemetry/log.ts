import pino from 'pino';
import type { Log } from '../bot/ports.ts';
import { findCode } from '../lib/error-code.ts';

type LogFields = Parameters<Log['info']>[0];
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** What may be kept of an error: its kind and our own place in the code. The words of libraries quote servers and people. */
export const errorFields = (error: unknown): LogFields => {
  if (!(error instanceof Error)) return { error: typeof error };
  const place = error.stack?.split('\n').find((line) => line.startsWith('    at ')) ?? '';
  return { error: error.name, code: findCode(error), place: place.trim() };
};

/** Structured lines on standard output. */
export const createLog = (level: LogLevel): Log => {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
};

/** The line that tells of the start: said at every level, for people on a terminal and as JSON to whatever collects it. */
export const startLine = (fields: LogFields, message: string, isTerminal: boolean): string =>
  isTerminal
    ? message
    : JSON.stringify({ level: 30, time: new Date().toISOString(), ...fields, msg: message });
