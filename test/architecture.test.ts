import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
  // Libraries and the rehearsal are loaded only for a login.
  probe: ['diagnosis', 'net', 'mailbox', 'types:secret.ts', 'node:*'],
  // The libraries that a mailbox is connected with; they know nobody else, and nobody else knows them.
  mailbox: ['diagnosis', 'net', 'probe', 'imapflow', 'nodemailer', 'node:*'],
  // The public suffix list (tldts) tells which names have one owner; XML is hostile and read by a library.
  discovery: ['diagnosis', 'net', 'zod', 'tldts', 'fast-xml-parser', 'node:*'],
  // Keys of buckets are digests, so that they name nobody.
  chat: ['node:crypto'],
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
  'adapters/teams': ['chat', 'zod', 'express', 'botbuilder', 'botbuilder-core', 'node:*'],
  'adapters/preview': ['chat', 'zod', 'express', 'node:*'],
  'adapters/slack': ['chat', 'zod', '@slack/bolt', 'express', 'node:*'],
  store: ['conversation', 'types:chat', 'zod', 'kysely', 'pg', 'node:*'],
  web: ['chat', 'express', 'secret.ts', 'zod', 'node:*'],
  // The port that it implements is the bot's.
  telemetry: ['types:bot/ports.ts', 'chat', 'pino', 'prom-client'],
  bot: [
    'conversation',
    'types:diagnosis',
    'chat',
    'types:secret.ts',
    'types:wording',
    'store/ports.ts',
    'zod',
    'node:*',
  ],
  cli: [
    'check.ts',
    'doctor',
    'operator',
    'config/index.ts',
    'config/name-server.ts',
    'config/terminal.ts',
    'diagnosis',
    'net',
    'secret.ts',
    'probe',
    'discovery',
    'chat',
    'wording',
    'version.ts',
    'node:*',
  ],
  'check.ts': ['diagnosis', 'types:net', 'probe', 'types:secret.ts', 'node:*'],
  config: ['diagnosis/target', 'zod', 'node:*'],
  doctor: [
    'net',
    'types:store/ports.ts',
    'store',
    'types:chat',
    'bot-network.ts',
    'check.ts',
    'config',
    'platforms.ts',
  ],
  'bot-network.ts': ['types:config', 'net'],
  'look.ts': [
    'types:bot/ports.ts',
    'bot-network.ts',
    'check.ts',
    'config/index.ts',
    'types:diagnosis',
    'discovery',
    'rehearsal-order.ts',
    'threads',
  ],
  threads: ['diagnosis', 'discovery', 'net', 'probe', 'secret.ts', 'node:*'],
  // What an operator does to the store by hand, in part as the bot would.
  operator: ['bot', 'config', 'conversation', 'doctor/store.ts', 'store', 'node:*'],
  'operation.ts': [
    'types:bot',
    'types:chat',
    'types:platforms.ts',
    'config',
    'readiness.ts',
    'store/ports.ts',
    'telemetry',
    'version.ts',
    'web',
  ],
  'readiness.ts': ['types:telemetry'],
  // What the bot wants of a check, as a check takes it.
  'rehearsal-order.ts': ['types:bot/ports.ts', 'types:check.ts'],
  'secret.ts': ['node:util'],
  'version.ts': ['node:fs/promises'],
  'login-door.ts': ['types:bot', 'types:web', 'wording'],
  // The first line of the log is the start's.
  'main.ts': ['app.ts', 'config', 'demo', 'telemetry', 'wording/catalogue', 'node:util'],
  // A sample company for whoever has no mail server at hand; nobody but the start knows it.
  demo: ['node:*'],
};

/** Leaves that know nobody but Node: everyone may import them. */
const leaves: Readonly<Record<string, readonly string[]>> = { 'language.ts': [], lib: ['node:*'] };

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

/** `import … from`, `export … from`, `import 'x'`, and `import('x')`, which loads at run time wherever it stands. */
const importForms = [
  /^(?:import|export)\s+(?<type>type\s+)?[^'"]*?from\s+['"](?<target>[^'"]+)['"]/gmu,
  /^import\s+['"](?<target>[^'"]+)['"]/gmu,
  /\bimport\s*\(\s*['"`](?<target>[^'"`]+)['"`]/gu,
];

const importsOf = (file: string, text: string): Import[] =>
  importForms
    .flatMap((form) => [...text.matchAll(form)])
    .map(({ groups }) => ({ typeOnly: groups?.type !== undefined, target: groups?.target ?? '' }))
    .map(({ typeOnly, target }) => ({
      file,
      typeOnly,
      target: target.startsWith('.')
        ? relative(root, join(root, dirname(file), target))
            .split(sep)
            .join('/')
        : target,
    }));

const isWithin = (place: string, room: string): boolean => place === room || place.startsWith(`${room}/`);

const isAllowed = ({ file, target, typeOnly }: Import): boolean => {
  const owner = ownerOf(file);
  const place = target.startsWith('../locales/') ? 'locales' : target;
  if (ownerOf(place) === owner || Object.keys(leaves).some((leaf) => isWithin(place, leaf))) return true;
  return (rules[owner] ?? leaves[owner] ?? []).some((rule) => {
    const allowed = rule.replace('types:', '');
    if (rule.startsWith('types:') && !typeOnly) return false;
    return allowed === 'node:*' ? place.startsWith('node:') : isWithin(place, allowed);
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
      [...new Set(files.map(ownerOf))].filter(
        (owner) => !knowEveryone.includes(owner) && !(owner in rules) && !(owner in leaves),
      ),
    ).toEqual([]);
  });

  it('are guarded by rules that notice a wrong import', () => {
    expect(violations('diagnosis/a.ts', "import { connect } from 'node:net';")).toHaveLength(1);
    expect(
      violations('conversation/a.ts', "import { post } from '../adapters/preview/index.ts';"),
    ).toHaveLength(1);
    expect(violations('net/a.ts', "import { rule } from '../diagnosis/policy.ts';")).toHaveLength(1);
    expect(violations('net/a.ts', "import type { Policy } from '../diagnosis/policy.ts';")).toEqual([]);
    expect(violations('adapters/preview/a.ts', "export { x } from '../../wording/index.ts';")).toHaveLength(
      1,
    );
    expect(violations('diagnosis/a.ts', "const { x } = await import('../wording/index.ts');")).toHaveLength(
      1,
    );
    expect(violations('diagnosis/a.ts', "type X = import('../wording/index.ts').X;")).toHaveLength(1);
    expect(violations('lib/a.ts', "import { x } from '../diagnosis/policy.ts';")).toHaveLength(1);
  });
});

/** Where a type is declared for others: `export type`, `export interface`, `export class`. */
const typesFor = (text: string): string[] =>
  [...text.matchAll(/^export (?:abstract )?(?:type|interface|class) (\w+)(?=[\s<=])/gmu)].map(
    ([, name = '']) => name,
  );

describe('the names of types', () => {
  it('mean one thing each: no two files declare the same one for others', () => {
    const declared = files.flatMap((file) => typesFor(read(file)).map((name) => ({ name, file })));
    const shared = [...Map.groupBy(declared, ({ name }) => name)]
      .map(([name, places]) => ({ name, in: places.map(({ file }) => file) }))
      .filter((one) => one.in.length > 1)
      // Platforms have the same jobs, and these have the same names.
      .filter((one) => !one.in.every((file) => /^adapters\/\w+\//u.test(file)));
    expect(shared).toEqual([]);
  });

  it('are found wherever they are declared', () => {
    expect(
      typesFor('export type A = 1;\nexport type B<T> = T;\nexport class C extends D {\ntype E = 2;'),
    ).toEqual(['A', 'B', 'C']);
  });
});

/** More files side by side than these, and nobody finds anything. */
const mostSiblings = 14;

describe('folders', () => {
  it('have at most fourteen files side by side', () => {
    const all = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.[jt]s$/u.test(file),
    );
    const counts = Map.groupBy(all, (file) => dirname(file));
    expect(
      [...counts].filter(([, inside]) => inside.length > mostSiblings).map(([folder]) => folder),
    ).toEqual([]);
  });

  it.each(['events', 'render', 'api'])('of every platform have one for %s', (job) => {
    const platforms = new Set(files.flatMap((file) => /^adapters\/(\w+)\//u.exec(file)?.[1] ?? []));
    const lacking = [...platforms].filter(
      (platform) => !files.some((file) => file.startsWith(`adapters/${platform}/${job}/`)),
    );
    expect(lacking).toEqual([]);
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
        (file) => !/^(?:adapters|config)\//u.test(file) && !free.includes(file) && named.test(read(file)),
      ),
    ).toEqual([]);
  });

  it('read the environment in one place', () => {
    expect(files.filter((file) => !/^config\//u.test(file) && read(file).includes('process.env'))).toEqual(
      [],
    );
  });
});

const repository = fileURLToPath(new URL('../', import.meta.url));
const pages = ['README.md', 'CONTRIBUTING.md', 'docs', 'locales', 'manifests', 'src'].flatMap((place) =>
  place.endsWith('.md')
    ? [place]
    : readdirSync(join(repository, place), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.md'))
        .map((file) => join(place, file)),
);
const quotedPath = /`([\w@.-]+(?:\/[\w@.*-]+)*\/?)`/gu;
const looksLikeFile = (path: string): boolean =>
  /\.(?:ts|mjs|js|json|md|html|css|service|py)$/u.test(path) || path.endsWith('/');
const places = ['bench', 'docs', 'locales', 'manifests', 'scripts', 'src', 'test'].flatMap((place) =>
  readdirSync(join(repository, place), { recursive: true, encoding: 'utf8' }).map(
    (file) => `/${place}/${file}`,
  ),
);
/** A page may leave out the beginning of a path that it speaks of. */
const isThere = (path: string): boolean =>
  existsSync(join(repository, path)) ||
  places.some((place) => place.endsWith(`/${path.replace(/\/$/u, '')}`));

describe('pages', () => {
  it.each(pages)('%s names only files that are there', (page) => {
    const text = readFileSync(join(repository, page), 'utf8');
    const named = [...text.matchAll(quotedPath)].map(([, path = '']) => path);
    expect(named.filter((path) => looksLikeFile(path) && !path.includes('*') && !isThere(path))).toEqual([]);
  });

  it.each(pages)('%s leads only to pages that are there', (page) => {
    const text = readFileSync(join(repository, page), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/gu)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(repository, dirname(page), link)))).toEqual([]);
  });
});
