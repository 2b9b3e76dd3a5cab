/**
 * Readiness, figures and the truth: whatever happens to the store, `/readyz` and `connect_email_store_up`, on which the
 * documented alerts rest, say whether a click can be kept now.
 */
import { randomBytes } from 'node:crypto';
import { appendFile, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { expect, test } from 'vitest';
import { postJson } from '../adapters/preview-doors.ts';
import { inDatabase, secret, startPostgres } from '../databases/postgres.ts';
import { type Scope, scope } from '../mail-servers/index.ts';
import { freePort, run } from '../mail-servers/processes.ts';
import { sideBySide } from '../support/side-by-side.ts';
import { until } from '../support/until.ts';
import { loopback, type Product, startProduct } from './product.ts';

/** What takes longer has failed the person who clicked. */
const patienceMs = 5000;
const stands = { timeout: 40_000, interval: 300 };

const kept = async (url: string, door: string, body: unknown): Promise<boolean> => {
  const late = new Promise<null>((resolve) => setTimeout(resolve, patienceMs, null).unref());
  const reply = await Promise.race([postJson(url, door, body).catch(() => null), late]);
  return reply?.status === 200;
};

/** What a rep does most: a word that is answered, and a form that starts a check. */
const clickIsKept = async (url: string): Promise<boolean> => {
  const port = String(await freePort());
  const server = { imapHost: '127.0.0.1', imapPort: port, smtpHost: '127.0.0.1', smtpPort: port };
  const form = {
    form: 'servers',
    context: '',
    pane: 'rep',
    values: { address: 'rep@example.test', ...server },
  };
  const clicks = [
    kept(url, 'message', { text: '/connect-email status', thread: null }),
    kept(url, 'form', form),
  ];
  return (await Promise.all(clicks)).every(Boolean);
};

const signalsOf = async ({ url }: Product) => {
  const isKept = await clickIsKept(url);
  const [ready, metrics] = await Promise.all([fetch(`${url}/readyz`), fetch(`${url}/metrics`)]);
  const text = await metrics.text();
  const figure = (name: string) => new RegExp(`^${name} (\\d)$`, 'mu').exec(text)?.[1];
  return {
    isKept,
    ready: ready.status,
    figures: ['store_up', 'ready', 'ready_part{part="store"}'].map((name) =>
      figure(`connect_email_${name.replaceAll(/[{}]/gu, '\\$&')}`),
    ),
  };
};

const good = { isKept: true, ready: 200, figures: ['1', '1', '1'] };
const bad = { isKept: false, ready: 503, figures: ['0', '0', '0'] };
/** Some clicks are kept, and nothing comes of them: no work can be taken up. */
const halfBad = { ...bad, isKept: expect.any(Boolean) };

/** Nobody contradicts anybody, and not by chance: twice in a row. */
const staysLike = async (product: Product, expected: object): Promise<void> => {
  await until(async () => expect(await signalsOf(product)).toEqual(expected), stands);
  expect(await signalsOf(product)).toEqual(expected);
};

type Trouble = { start(): Promise<Product>; begin(): Promise<unknown>; end(): Promise<unknown> };

const quiet = { ...loopback, LOG_LEVEL: 'error' };

const fileOf = (folder: string): string => join(folder, 'connect-email.sqlite');

const embedded = async (own: Scope): Promise<{ folder: string; start(): Promise<Product> }> => {
  const folder = await own.folder();
  return { folder, start: () => own.start(startProduct({ ...quiet, DATA_DIR: folder })) };
};

const fullDisk = async (own: Scope): Promise<Trouble> => {
  const path = await own.folder();
  let filler = '';
  return {
    start: async () => {
      const starting = startProduct({ ...quiet, DATA_DIR: path }, { disk: { path, megabytes: 8 } });
      const product = await own.start(starting);
      filler = join(`/proc/${product.pid}/root`, path, 'filler');
      return product;
    },
    begin: async () => {
      for (const size of [65_536, 4096, 1])
        while (
          await appendFile(filler, randomBytes(size)).then(
            () => true,
            () => false,
          )
        );
    },
    end: () => rm(filler),
  };
};

/** As after an error of the disk: what is open stays open, and nothing can be written to it. */
const readOnly = async (own: Scope): Promise<Trouble> => {
  const { start } = await embedded(own);
  let pid = 0;
  const allow = (size: string) => run('prlimit', ['--pid', String(pid), `--fsize=${size}`]);
  return {
    start: async () => {
      const product = await start();
      pid = product.pid;
      return product;
    },
    begin: () => allow('0:'),
    end: () => allow('unlimited:'),
  };
};

/** The first page of the jobs, as a copy over a file in use leaves it. */
const damaged = async (own: Scope): Promise<Trouble> => {
  const { folder, start } = await embedded(own);
  let page: { at: number; bytes: Buffer } | null = null;
  const write = async (bytes: Buffer): Promise<void> => {
    const file = await open(fileOf(folder), 'r+');
    await file.write(bytes, 0, bytes.length, page?.at);
    await file.close();
    // What somebody else writes makes every process look at the file again.
    using other = new DatabaseSync(fileOf(folder), { timeout: 5000 });
    other.exec(
      `insert into memory (owner, key, value) values ('test', '${randomBytes(9).toString('hex')}', '1')`,
    );
  };
  return {
    start,
    begin: async () => {
      using other = new DatabaseSync(fileOf(folder), { timeout: 5000 });
      await until(() => expect(other.prepare('select count(*) as n from jobs').get()?.n).toBe(0));
      other.exec('pragma wal_checkpoint(truncate)');
      const size = Number(other.prepare('pragma page_size').get()?.page_size);
      const root = Number(
        other.prepare(`select rootpage from sqlite_master where name = 'jobs'`).get()?.rootpage,
      );
      other.close();
      const file = await open(fileOf(folder), 'r');
      const { buffer } = await file.read(Buffer.alloc(size), 0, size, (root - 1) * size);
      await file.close();
      page = { at: (root - 1) * size, bytes: Buffer.from(buffer) };
      await write(Buffer.alloc(size, 0xff));
    },
    end: async () => {
      if (page) await write(page.bytes);
    },
  };
};

const onPostgres = async (own: Scope, options: { diskMegabytes?: number } = {}) => {
  const server = await own.start(startPostgres(options));
  const url = await server.createDatabase();
  const start = (as = url) => own.start(startProduct({ ...quiet, DATABASE_URL: as }));
  return { server, url, start };
};

const gone = async (own: Scope): Promise<Trouble> => {
  const { server, start } = await onPostgres(own);
  return { start: () => start(), begin: server.crash, end: server.restart };
};

const frozen = async (own: Scope): Promise<Trouble> => {
  const { server, start } = await onPostgres(own);
  return { start: () => start(), begin: server.freeze, end: server.thaw };
};

const takesNoWrites = async (own: Scope): Promise<Trouble> => {
  const { url, start } = await onPostgres(own);
  const mayWrite = `${url}?options=-c%20default_transaction_read_only%3Doff`;
  const set = async (to: string) => {
    await inDatabase(mayWrite, `alter system set default_transaction_read_only = ${to}`);
    await inDatabase(mayWrite, 'select pg_reload_conf()');
  };
  return { start: () => start(), begin: () => set('on'), end: () => set('off') };
};

const fullTablespace = async (own: Scope): Promise<Trouble> => {
  const { url, start } = await onPostgres(own, { diskMegabytes: 24 });
  const fill = (megabytes: number) =>
    inDatabase(
      url,
      `insert into filler select repeat(md5(n::text), 200) from generate_series(1, ${megabytes * 1000}) n`,
    ).then(
      () => true,
      () => false,
    );
  return {
    start: () => start(),
    begin: async () => {
      await inDatabase(url, 'create table filler (x text); alter table filler alter x set storage plain');
      while (await fill(1));
      while (await fill(0.001));
    },
    end: () => inDatabase(url, 'drop table filler'),
  };
};

/** A role of its own: the limit does not hold for the administrator. */
const asRole = async (own: Scope) => {
  const { url, start } = await onPostgres(own);
  await inDatabase(url, `create role app login password '${secret}'`);
  await inDatabase(url, `alter database ${new URL(url).pathname.slice(1)} owner to app`);
  const ownUrl = url.replace('//tester:', '//app:');
  const allow = (limit: number) => inDatabase(url, `alter role app connection limit ${limit}`);
  return { url, ownUrl, allow, start: () => start(ownUrl) };
};

const noConnection =
  (limit: number) =>
  async (own: Scope): Promise<Trouble> => {
    const { url, allow, start } = await asRole(own);
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'`;
    return {
      start,
      begin: async () => {
        await allow(limit);
        await inDatabase(url, cut);
      },
      end: () => allow(-1),
    };
  };

type Case = [string, (own: Scope) => Promise<Trouble>, object?];
/** Those of PostgreSQL take longest, since waiting for a server is most of them. */
const troubles: readonly { where: string; cases: readonly Case[] }[] = [
  {
    where: 'a store that is out of reach',
    cases: [
      ['PostgreSQL that is gone', gone],
      ['PostgreSQL that is frozen', frozen],
    ],
  },
  {
    where: 'a store that takes nothing',
    cases: [
      ['SQLite on a full disk', fullDisk],
      ['SQLite in a file that takes no more writes', readOnly],
      ['SQLite in a damaged file', damaged],
      ['PostgreSQL that takes no writes', takesNoWrites],
      ['PostgreSQL on a full disk', fullTablespace],
    ],
  },
  {
    where: 'a store that lets few in',
    cases: [
      ['PostgreSQL that lets nobody in', noConnection(0)],
      ['PostgreSQL with one connection for us', noConnection(1), halfBad],
    ],
  },
];

sideBySide(troubles, 'given $where, all signals say whether a click can be kept', ({ cases }) => {
  test.each(cases)(
    '%s: not, and again by itself once it is mended',
    { timeout: 120_000 },
    async (_what, prepare, during = bad) => {
      await using own = scope();
      const trouble = await prepare(own);
      const product = await trouble.start();
      await staysLike(product, good);
      await trouble.begin();
      try {
        await staysLike(product, during);
      } finally {
        await trouble.end();
      }
      await staysLike(product, good);
    },
  );
});

test('PostgreSQL whose last connections others have taken: clicks go on over those that we hold', {
  timeout: 60_000,
}, async () => {
  await using own = scope();
  const { ownUrl, allow, start } = await asRole(own);
  const product = await start();
  await staysLike(product, good);
  await allow(14);
  const others: pg.Client[] = [];
  for (;;) {
    const client = new pg.Client({ connectionString: ownUrl });
    const isIn = await client.connect().then(
      () => true,
      () => false,
    );
    if (!isIn) break;
    others.push(client);
  }
  await staysLike(product, good);
  await Promise.all(others.map((client) => client.end()));
});
