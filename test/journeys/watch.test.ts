import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAuthorities, runCheck } from '../../src/check.ts';
import { createGuard } from '../../src/net/guard.ts';
import { createNetwork } from '../../src/net/network.ts';
import { bea, createStage } from '../bot/cases-stage.ts';
import { until } from '../bot/stage.ts';
import { anna, omar } from '../conversation/fixtures.ts';
import {
  type Certificate,
  type DovecotOptions,
  type Postfix,
  scope,
  startDovecot,
  startListener,
  startPostfix,
} from '../mail-servers/index.ts';

const minute = 60_000;
const servers = scope();
const ports = [{ from: 1024, to: 65_535 }];
let host: { postfix: Postfix; certificate: Certificate; caFile: string };
beforeAll(async () => {
  const authority = await servers.authority();
  const certificate = await authority.issue();
  const postfix = await servers.start(startPostfix({ certificate }));
  host = { postfix, certificate, caFile: authority.caFile };
});
afterAll(() => servers.stop());

/** An IMAP server whose administrator changes it, always on the same port; counted is who comes in. */
const startImap = async () => {
  const { certificate } = host;
  let running = await servers.start(startDovecot({ certificate, versions: ['TLSv1'] }));
  const { imapPort, imapsPort } = running;
  let came = 0;
  const door = await servers.start(
    startListener((socket) => {
      came += 1;
      const inside = connect(imapsPort, '127.0.0.1');
      inside.on('error', () => socket.destroy());
      inside.on('close', () => socket.end());
      socket.on('close', () => inside.destroy());
      socket.pipe(inside).pipe(socket);
    }),
  );
  const become = async (versions: DovecotOptions['versions']): Promise<void> => {
    await running.stop();
    const same = { certificate, imapPort, imapsPort };
    running = await servers.start(startDovecot(versions ? { ...same, versions } : same));
  };
  const visitors = (): number => came;
  return { imapsPort: door.port, visitors, old: () => become(['TLSv1']), mended: () => become(undefined) };
};

const createJourney = async () => {
  const imap = await startImap();
  const network = createNetwork({
    guard: createGuard({ restricted: true, allowNetworks: ['127.0.0.0/8'], allowPorts: ports }),
    nameServers: [],
  });
  const authorities = await readAuthorities(host.caFile);
  /** How often each look came in; of a whole check, that it was one. */
  const probed: (number | 'check')[] = [];
  const stage = await createStage({
    allowedPorts: ports,
    diagnose: async (account, { signal, onProgress, question }) => {
      const before = imap.visitors();
      const result = await runCheck(
        account,
        { network, authorities, policy: 'hubspot-2017', now: Date.now },
        { signal, onProgress, ...(question ? { question } : {}) },
      );
      probed.push(question ? imap.visitors() - before : 'check');
      return result;
    },
  });
  const check = async (person: typeof anna): Promise<void> => {
    const rep = stage.rep(person);
    const form = await rep.command('');
    const address = `${person.id.toLowerCase()}@firma.example`;
    const next = await rep.submit('address', form?.context ?? '', { address });
    await rep.submit('servers', next?.type === 'form' ? next.form.context : '', {
      imapHost: '127.0.0.1',
      imapPort: String(imap.imapsPort),
      imapEncryption: 'tls',
      smtpHost: '127.0.0.1',
      smtpPort: String(host.postfix.smtpsPort),
      smtpEncryption: 'tls',
      username: address,
      smtpLogin: 'same',
      untrustedCertificate: 'no',
    });
    await stage.handOver(person);
    await stage.message(person, /^Der Fall ist bei Ihrer IT angekommen/u);
  };
  /** Time passes until the next look, and it is made. */
  const nextLook = async (): Promise<void> => {
    const before = probed.length;
    await stage.later(19 * minute);
    await until(() => expect(probed.length).toBeGreaterThan(before));
    await stage.idle();
  };
  return { stage, imap, check, nextLook, probed };
};

describe('given an IMAP server that speaks only TLS 1.0, handed over to IT by two reps', () => {
  test('when it is mended, flaps, stays mended and relapses, then both are told each time once what holds now', async () => {
    const { stage, imap, check, nextLook, probed } = await createJourney();
    await check(anna);
    await check(bea);
    await stage.idle();
    const root = await stage.root();
    expect(JSON.stringify(root.message)).toContain('Wir prüfen regelmäßig, ob das behoben ist');
    const read = () => [anna, bea].map((rep) => stage.messagesOf(rep).length);
    const before = read();
    const inThread = stage.recorder.at('thread').length;

    await nextLook();
    await imap.mended();
    await nextLook();
    await imap.old();
    await nextLook();
    expect(probed.slice(2)).toEqual([1, 1, 1]);
    expect(read()).toEqual(before);
    expect(stage.recorder.at('thread')).toHaveLength(inThread);

    await imap.mended();
    await nextLook();
    await stage.restart();
    expect(read()).toEqual(before);
    await nextLook();
    for (const rep of [anna, bea]) {
      await stage.message(rep, /^Zwei Prüfungen hintereinander/u);
      const report = await stage.message(rep, /^Der Server erfüllt alle Anforderungen/u);
      const values = report.blocks.flatMap((block) => (block.type === 'values' ? block.rows : []));
      expect(values.map(({ value }) => value)).toContain(String(imap.imapsPort));
    }
    await stage.idle();
    expect(stage.recorder.words('thread').slice(inThread)).toEqual([
      expect.stringMatching(/^Zwei Prüfungen hintereinander haben kein Hindernis/u),
    ]);
    expect(JSON.stringify(root.message)).toContain('Mit „Erledigt“ schließen Sie den Fall.');
    expect(root.message.buttons.map(({ action }) => action)).toContain('resolve');

    // Whether it is back shows only where the versions are offered again; a server that is in order need not bear that.
    await nextLook();
    expect(probed.at(-1)).toBe(1);

    await imap.old();
    await nextLook();
    await nextLook();
    expect(probed.findLast((one) => one !== 'check')).toBeGreaterThan(3);
    for (const rep of [anna, bea]) {
      await stage.message(rep, /^Das Problem ist wieder da/u);
      await stage.message(rep, /^Dieser Bericht gilt nicht mehr/u);
      await until(() =>
        expect(stage.messagesOf(rep).at(-1)?.summary).toMatch(/^So lässt sich das Konto nicht verbinden/u),
      );
    }
    await stage.idle();
    const words = JSON.stringify(root.message);
    expect(words).toContain('Das Problem war behoben und ist wieder da.');
    expect(words).toContain('Neueste Prüfung: Ein Punkt ist noch offen.');
    expect(words).not.toMatch(/Alles ist in Ordnung|Bei der neuesten Prüfung in Ordnung/u);
    expect(stage.messagesOf(anna).map(({ summary }) => summary)).not.toContain(
      'Der Server erfüllt alle Anforderungen. Ihre Anmeldung haben wir noch nicht geprüft.',
    );

    await stage.it(omar).press(root.message, 'resolve');
    for (const rep of [anna, bea]) await stage.message(rep, /als erledigt gemeldet/u);
    const looks = probed.length;
    await stage.later(60 * minute);
    await stage.idle();
    expect(probed).toHaveLength(looks);
  });
});
