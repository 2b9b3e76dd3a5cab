/** What a configuration file says of a mailbox, and that no file does harm. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAutoconfig } from '../../src/discovery/autoconfig.ts';
import { type Mailbox, mailboxOf } from '../../src/discovery/candidate.ts';

const mailbox = (address = 'jana.muster@example.test'): Mailbox => {
  const made = mailboxOf(address, null);
  if (!made) throw new Error(`expected an address, got ${address}`);
  return made;
};

type Server = {
  type?: string;
  host?: string;
  port?: string;
  socket?: string;
  auth?: string[];
  user?: string;
};
const server = (tag: 'incoming' | 'outgoing', given: Server): string => {
  const { type = tag === 'incoming' ? 'imap' : 'smtp', host = `${type}.example.test` } = given;
  const { port = type === 'imap' ? '993' : '465', socket = 'SSL', auth = ['password-cleartext'] } = given;
  return `<${tag}Server type="${type}"><hostname>${host}</hostname><port>${port}</port>
    <socketType>${socket}</socketType><username>${given.user ?? '%EMAILADDRESS%'}</username>
    ${auth.map((one) => `<authentication>${one}</authentication>`).join('')}</${tag}Server>`;
};
const file = (...servers: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?><clientConfig version="1.1"><emailProvider id="example.test">
  <domain>example.test</domain><displayName>Example &amp; Co</displayName>${servers.join('')}
  </emailProvider></clientConfig>`;
const imap = (given: Server = {}) => server('incoming', given);
const smtp = (given: Server = {}) => server('outgoing', given);

const read = async (xml: string, address?: string) => {
  const found = await readAutoconfig(xml, mailbox(address));
  const at = (endpoint: { asciiHost: string; port: number; encryption: string } | null | undefined) =>
    endpoint ? `${endpoint.asciiHost}:${endpoint.port} ${endpoint.encryption}` : null;
  const [imapServer, smtpServer] = [found?.imap[0], found?.smtp[0]];
  const username = (imapServer && found?.usernames.get(imapServer)) ?? found?.username;
  return found && { imap: at(imapServer), smtp: at(smtpServer), username: username ?? null };
};

describe('a configuration file', () => {
  it('names both servers and the user name', async () => {
    expect(await read(file(imap(), smtp()))).toEqual({
      imap: 'imap.example.test:993 tls',
      smtp: 'smtp.example.test:465 tls',
      username: 'jana.muster@example.test',
    });
  });

  it('has its placeholders filled, with the domain as A-labels in a host and as typed in a user name', async () => {
    const filled = file(imap({ host: 'imap.%EMAILDOMAIN%', user: '%EMAILLOCALPART%.%EMAILDOMAIN%' }));
    expect(await read(filled, 'rep@müller.example')).toEqual({
      imap: 'imap.xn--mller-kva.example:993 tls',
      smtp: null,
      username: 'rep.müller.example',
    });
  });

  it('may have its placeholders in small letters, and a document type that only names it', async () => {
    const named = file(imap({ user: '%emailAddress%' })).replace(
      '<clientConfig',
      '<!DOCTYPE clientConfig><clientConfig',
    );
    expect(await read(named)).toMatchObject({ username: 'jana.muster@example.test' });
    expect(await read(file(imap({ user: '%customerNumber%' })))).toMatchObject({ username: null });
  });

  it('leaves out a user name that only the person knows', async () => {
    expect(await read(file(imap({ user: '%MYCUSTOMERNUMBER%' })))).toMatchObject({ username: null });
  });

  it('prefers TLS from the first byte, then STARTTLS, and no TLS only where nothing else is offered', async () => {
    const [plain, starttls, tls] = [
      imap({ port: '143', socket: 'plain', host: 'a.example.test' }),
      imap({ port: '143', socket: 'STARTTLS', host: 'b.example.test' }),
      imap({ host: 'c.example.test' }),
    ];
    const chosen = async (...servers: string[]) => (await read(file(...servers)))?.imap;
    expect(await chosen(plain, starttls, tls)).toBe('c.example.test:993 tls');
    expect(await chosen(plain, starttls)).toBe('b.example.test:143 starttls');
    expect(await chosen(plain)).toBe('a.example.test:143 none');
  });

  it('is read for a password login: OAuth alone and POP3 are skipped, the order counts among equals', async () => {
    const servers = file(
      imap({ host: 'oauth.example.test', auth: ['OAuth2'] }),
      server('incoming', { type: 'pop3', port: '995' }),
      imap({ host: 'hashed.example.test', auth: ['password-encrypted'] }),
      imap({ host: 'first.example.test', auth: ['OAuth2', 'password-cleartext'] }),
      imap({ host: 'second.example.test' }),
      smtp({ auth: ['client-IP-address'] }),
    );
    expect(await read(servers)).toMatchObject({ imap: 'first.example.test:993 tls', smtp: null });
  });

  it('loses only the section that cannot be used', async () => {
    const broken = [{ port: '0' }, { port: 'x' }, { port: '70000' }, { host: 'a b' }, { host: 'imaps://x' }];
    for (const one of [...broken, { socket: 'magic' }, { host: '' }])
      expect(await read(file(imap(one), smtp())), JSON.stringify(one)).toMatchObject({ imap: null });
    expect(await read(file('<incomingServer/>', imap(), smtp({ host: 'x:1' })))).toMatchObject({
      smtp: null,
    });
    expect(await read(file(imap({ host: 'x:993' })))).toMatchObject({ imap: 'x:993 tls' });
  });

  it('may hold elements nobody has heard of', async () => {
    const newer = file('<jmapServer x="1"><a/></jmapServer>', imap(), smtp()).replace(
      '<hostname>',
      '<future><a/></future><hostname since="2">',
    );
    expect(await read(newer)).toMatchObject({ imap: 'imap.example.test:993 tls' });
  });

  it.each([
    ['nothing', ''],
    ['a web page', '<!doctype html><html><body>Welcome</body></html>'],
    ['half a file', file(imap()).slice(0, 200)],
    ['no servers', file()],
    ['an empty root', '<clientConfig/>'],
    ['too long', file(' '.repeat(70_000), imap())],
    ['text as provider', '<clientConfig><emailProvider>x</emailProvider></clientConfig>'],
  ])('is none: %s', async (_what, xml) => {
    expect(await read(xml)).toBeNull();
  });
});

describe('a hostile file', () => {
  const withDoctype = (inside: string, use: string) =>
    file(imap({ host: use })).replace('<clientConfig', `<!DOCTYPE x [${inside}]><clientConfig`);

  it('declares entities, and is not read at all', async () => {
    const laughs = Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`);
    expect(await read(withDoctype(`<!ENTITY l0 "ha">${laughs.join('')}`, '&l9;'))).toBeNull();
    expect(await read(withDoctype('<!ENTITY f SYSTEM "file:///etc/hostname">', '&f;'))).toBeNull();
    expect(await read(file(imap()).replace('<clientConfig', '<!doctype x><clientConfig'))).toBeNull();
    for (const outside of ['SYSTEM "x.dtd"', 'PUBLIC "-//x" "x.dtd"', '[]'])
      expect(
        await read(file(imap()).replace('<clientConfig', `<!DOCTYPE clientConfig ${outside}><clientConfig`)),
      ).toBeNull();
  });

  it('names what it does not declare, and nothing comes of it', async () => {
    expect(await read(file(imap({ host: '&f;' }), smtp()))).toMatchObject({ imap: null });
    expect(await read(file(imap({ user: 'a&amp;b' }), smtp()))).toMatchObject({ username: 'a&b' });
  });

  it('writes characters by number, and they are read once', async () => {
    const written = imap({ host: 'imap&#x2d;1.example&#46;test', user: '%EMAILLOCALPART%&#64;x.test' });
    expect(await read(file(written, smtp()))).toMatchObject({
      imap: 'imap-1.example.test:993 tls',
      username: 'jana.muster@x.test',
    });
    expect(await read(file(imap({ user: '&amp;#64;' })))).toMatchObject({ username: '&#64;' });
    expect(await read(file(imap({ user: 'a&#x00000040;b' })))).toMatchObject({ username: 'a@b' });
    expect(await read(file(imap({ port: '9&#57;3' })))).toMatchObject({ imap: 'imap.example.test:993 tls' });
    for (const none of [
      '&#0;',
      '&#27;',
      '&#xD800;',
      '&#x202e;',
      '&#x110000;',
      '&#99999999;',
      '&#x;',
      '&#-1;',
    ])
      expect((await read(file(imap({ user: none }), smtp())))?.username ?? '', none).not.toMatch(
        /[\p{Cc}\p{Cf}\p{Cs}]/u,
      );
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'speaks of our own objects: %s',
    async (word) => {
      await read(file(`<${word}><polluted>1</polluted></${word}>`, imap(), smtp()));
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
      for (const one of [{ socket: word }, { port: word }, { type: word }, { auth: [word] }])
        expect(await read(file(imap(one), smtp()))).toMatchObject({ imap: null });
    },
  );

  it.each([
    ['deep', `${'<a>'.repeat(9_000)}${'</a>'.repeat(9_000)}`],
    ['open', '<a '.repeat(21_000)],
    ['wide', '<incomingServer type="imap"/>'.repeat(2_200)],
    ['full of attributes', `<a ${Array.from({ length: 6_000 }, (_, at) => `b${at}="c"`).join(' ')}/>`],
    ['full of quotes', `<a b="${"'".repeat(64_000)}`],
    ['full of comments', '<!-- - -'.repeat(8_000)],
    ['full of sections', '<![CDATA['.repeat(7_000)],
    ['full of instructions', '<?x '.repeat(16_000)],
    ['full of ampersands', '&'.repeat(64_000)],
    ['full of spaces', ' '.repeat(64_000)],
  ])('is %s, and costs little', async (_how, filler) => {
    const started = performance.now();
    const whole = file(filler, imap());
    expect(whole.length).toBeLessThan(64 * 1024);
    await read(whole);
    expect(performance.now() - started).toBeLessThan(600);
  });

  it('is anything at all, and does no harm', { timeout: 120_000 }, async () => {
    const sound = file(imap(), smtp(), imap({ port: '143', socket: 'STARTTLS' }));
    const pieces = [
      '<',
      '>',
      '</',
      '/>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?',
      '?>',
      '&',
      '&#',
      '&#x',
      ';',
      '"',
      '%',
      '=',
    ];
    const words = [
      'clientConfig',
      'emailProvider',
      'incomingServer',
      'hostname',
      'port',
      'type',
      'authentication',
    ];
    const snippet = fc.oneof(
      fc.constantFrom(...pieces, ...words),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    const mutated = fc
      .array(fc.tuple(fc.nat(sound.length), fc.nat(12), snippet), { minLength: 1, maxLength: 6 })
      .map((edits) =>
        edits.reduce((text, [at, gone, put]) => text.slice(0, at) + put + text.slice(at + gone), sound),
      );
    const random = fc.array(snippet, { maxLength: 60 }).map((all) => `<clientConfig>${all.join('')}`);
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated, random), async (xml) => {
        const started = performance.now();
        const found = await readAutoconfig(xml, mailbox());
        for (const endpoint of [...(found?.imap ?? []), ...(found?.smtp ?? [])]) {
          expect(endpoint.asciiHost).toMatch(/^[a-z0-9_.:-]+$/u);
          expect(endpoint.port).toBeGreaterThan(0);
          expect(endpoint.port).toBeLessThan(65_536);
        }
        for (const name of found?.usernames.values() ?? []) expect(name).not.toMatch(/\p{Cc}/u);
        return performance.now() - started < 1_000;
      }),
      { numRuns: 4_000 },
    );
  });
});
