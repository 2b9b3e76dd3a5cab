import { type Config, readConfig } from './index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a demonstration takes from outside; the rest would lead to real servers, stores and people. */
const kept = ['HOST', 'PORT', 'DEFAULT_LOCALE', 'IT_LOCALE', 'POLICY', 'LOG_LEVEL', 'METRICS_TOKEN'] as const;

/** `own` takes the place of everything else. @throws ConfigError */
export const readDemoConfig = (own: Environment, source: Environment = process.env): Config =>
  readConfig({ ...Object.fromEntries(kept.map((name) => [name, source[name]])), ...own });
