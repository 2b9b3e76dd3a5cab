import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../src/', import.meta.url));

/**
 * Who may import what. A folder's own files are always allowed; `types:x` allows only `import type`. Node's own modules
 * are named as `node:*` or one by one.
 */
const rules: Readonly<Record<string, readonly string[]>> = {
  diagnosis: ['zod'],
  net: ['types:diagnosis', 'node:*', 'ipaddr.js'],
  probe: ['diagnosis', 'net', 'types:secret.ts', 'node:*'],
  // The public suffix list (tldts) tells which names have one owner; XML is hostile and read by a library.
  discovery: ['diagnosis', 'net', 'zod', 'tldts', 'fast-xml-parser', 'node:*'],
  // A leaf: what a stranger's words look like when they may be shown.
  'clean.ts': ['node:util'],
  chat: [],
  conversation: ['diagnosis', 'types:chat', 'zod'],
  wording: [
    'diagnosis',
    'conversation',
    'chat',
    'doctor/examination.ts',
    'types:operator',
    'types:store',
    'locales',
    'i18next',
  ],
  // What counts as this machine is said once, or the start lets in what the door refuses.
  'adapters/teams': ['within.ts', 'chat', 'config/loopback.ts', 'zod', 'express', 'botbuilder', 'node:*'],
  'adapters/preview': ['chat', 'config/loopback.ts', 'zod', 'express', 'node:*'],
  'adapters/slack': ['within.ts', 'chat', 'config/loopback.ts', 'zod', '@slack/bolt', 'express', 'node:*'],
  store: ['error-code.ts', 'conversation', 'types:chat', 'zod', 'kysely', 'pg', 'node:*'],
  web: ['chat', 'config/loopback.ts', 'express', 'secret.ts', 'zod', 'node:*'],
  // The port that it implements is the bot's.
  telemetry: ['types:bot/ports.ts', 'chat', 'error-code.ts', 'pino', 'prom-client'],
  bot: [
    'error-code.ts',
    'conversation',
    'types:diagnosis',
    'chat',
    'types:secret.ts',
    'types:wording',
    'store/ports.ts',
    'zod',
    'node:*',
  ],
  'bot.ts': [
    'bot',
    'types:conversation',
    'types:diagnosis',
    'types:chat',
    'types:secret.ts',
    'types:wording',
    'types:store/ports.ts',
  ],
  cli: [
    'check.ts',
    'doctor',
    'doctor.ts',
    'operator',
    'config/name-server.ts',
    'diagnosis',
    'net',
    'secret.ts',
    'probe',
    'discovery',
    'chat',
    'wording',
    'node:*',
  ],
  'cli.ts': ['cli', 'check.ts', 'config/terminal.ts', 'types:secret.ts', 'wording'],
  'check.ts': ['error-code.ts', 'diagnosis', 'types:net', 'probe', 'types:secret.ts', 'node:*'],
  'config.ts': ['zod', 'config', 'diagnosis/target'],
  config: ['error-code.ts', 'zod', 'node:*'],
  doctor: [
    'types:net',
    'types:store/ports.ts',
    'types:store/private-files.ts',
    'types:chat',
    'config/env-fault.ts',
    'config/loopback.ts',
    'types:config.ts',
    'error-code.ts',
    'within.ts',
  ],
  'doctor.ts': ['doctor', 'bot-network.ts', 'check.ts', 'config', 'config.ts', 'platforms.ts', 'store'],
  threads: ['diagnosis', 'discovery', 'net', 'probe', 'secret.ts', 'node:*'],
  // What an operator does to the store by hand, in part as the bot would.
  operator: [
    'bot',
    'config',
    'config.ts',
    'conversation',
    'doctor/store.ts',
    'error-code.ts',
    'store',
    'node:*',
  ],
  'bot-network.ts': ['types:config.ts', 'net'],
  'error-code.ts': [],
  'within.ts': [],
  'operation.ts': [
    'types:bot.ts',
    'types:chat',
    'types:platforms.ts',
    'config',
    'config.ts',
    'readiness.ts',
    'store/ports.ts',
    'telemetry',
    'web',
    'zod',
    'node:fs/promises',
  ],
  'readiness.ts': ['types:telemetry', 'within.ts'],
  'language.ts': [],
  'secret.ts': ['node:util'],
  'login-door.ts': ['types:bot.ts', 'types:web', 'wording'],
  // The first line of the log is the start's.
  'main.ts': ['app.ts', 'config', 'config.ts', 'telemetry'],
};

/** Leaves that know nobody: everyone may import them. */
const leaves = ['language.ts', 'clean.ts'];

/** What puts everything together, and the list of platforms. */
const knowEveryone = ['app.ts', 'platforms.ts'];

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.split(sep).join('/'));

const ownerOf = (file: string): string => {
  const parts = file.split('/');
  return parts[0] === 'adapters' ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
};

type Import = { file: string; target: string; typeOnly: boolean };

const importsOf = (file: string, text: string): Import[] =>
  [...text.matchAll(/^(?:import|export)\s+(type\s+)?[^'"]*?from\s+['"]([^'"]+)['"]/gmu)].map(
    ([, type, target = '']) => ({
      file,
      typeOnly: type !== undefined,
      target: target.startsWith('.')
        ? relative(root, join(root, dirname(file), target))
            .split(sep)
            .join('/')
        : target,
    }),
  );

const isAllowed = ({ file, target, typeOnly }: Import): boolean => {
  const owner = ownerOf(file);
  const place = target.startsWith('../locales/') ? 'locales' : target;
  if (ownerOf(place) === owner || leaves.includes(place)) return true;
  return (rules[owner] ?? []).some((rule) => {
    const allowed = rule.replace('types:', '');
    if (rule.startsWith('types:') && !typeOnly) return false;
    if (allowed === 'node:*') return place.startsWith('node:');
    return place === allowed || place.startsWith(`${allowed}/`);
  });
};

const violations = (file: string, text: string): string[] =>
  importsOf(file, text)
    .filter((one) => !isAllowed(one))
    .map(({ target }) => `${file} imports ${target}`);

const read = (file: string) => readFileSync(join(root, file), 'utf8');

describe('the rooms of the house', () => {
  it('import only what their rule allows', () => {
    expect(
      files.filter((file) => !knowEveryone.includes(file)).flatMap((file) => violations(file, read(file))),
    ).toEqual([]);
  });

  it('all have a rule', () => {
    expect(
      [...new Set(files.map(ownerOf))].filter((owner) => !knowEveryone.includes(owner) && !(owner in rules)),
    ).toEqual([]);
  });

  it('are guarded by rules that notice a wrong import', () => {
    expect(violations('diagnosis/a.ts', "import { connect } from 'node:net';")).toHaveLength(1);
    expect(
      violations('conversation/a.ts', "import { post } from '../adapters/preview/index.ts';"),
    ).toHaveLength(1);
    expect(violations('net/a.ts', "import { rule } from '../diagnosis/policy.ts';")).toHaveLength(1);
    expect(violations('net/a.ts', "import type { Policy } from '../diagnosis/policy.ts';")).toEqual([]);
    expect(violations('adapters/preview/a.ts', "export { x } from '../../wording/views.ts';")).toHaveLength(
      1,
    );
  });
});

describe('files', () => {
  it('have at most 250 lines', () => {
    expect(files.filter((file) => read(file).split('\n').length > 251)).toEqual([]);
  });

  it('name no platform outside its folder, the configuration and the registry', () => {
    const named = /\b(?:slack|teams)\b/iu;
    const free = ['platforms.ts'];
    expect(
      files.filter(
        (file) => !/^(?:adapters\/|config[./])/u.test(file) && !free.includes(file) && named.test(read(file)),
      ),
    ).toEqual([]);
  });

  it('read the environment in one place', () => {
    expect(files.filter((file) => !/^config[./]/u.test(file) && read(file).includes('process.env'))).toEqual(
      [],
    );
  });
});
