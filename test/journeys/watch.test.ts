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

/** An IMAP server whose administrator changes it, always on the same port. */
const startImap = async () => {
  const { certificate } = host;
  let running = await servers.start(startDovecot({ certificate, versions: ['TLSv1'] }));
  const { imapPort, imapsPort } = running;
  const become = async (versions: DovecotOptions['versions']): Promise<void> => {
    await running.stop();
    const same = { certificate, imapPort, imapsPort };
    running = await servers.start(startDovecot(versions ? { ...same, versions } : same));
  };
  return { imapsPort, old: () => become(['TLSv1']), mended: () => become(undefined) };
};

const createJourney = async () => {
  const imap = await startImap();
  const network = createNetwork({
    guard: createGuard({ restricted: true, allowNetworks: ['127.0.0.0/8'], allowPorts: ports }),
    nameServers: [],
  });
  const authorities = await readAuthorities(host.caFile);
  const probed: string[][] = [];
  const stage = await createStage({
    allowedPorts: ports,
    diagnose: (account, { signal, onProgress }) => {
      probed.push((['imap', 'smtp'] as const).filter((service) => account[service]));
      return runCheck(
        account,
        { network, authorities, policy: 'hubspot-2017', now: Date.now },
        { signal, onProgress },
      );
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
    await stage.message(person, /^Ihre IT hat den Fall bekommen/u);
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
  test('when it is mended, flaps, and stays mended, then both are told once, with the values to type into HubSpot', async () => {
    const { stage, imap, check, nextLook, probed } = await createJourney();
    await check(anna);
    await check(bea);
    await stage.idle();
    const root = await stage.root();
    expect(JSON.stringify(root.message)).toContain('Wir sehen regelmäßig nach, ob das behoben ist');
    const read = () => [anna, bea].map((rep) => stage.messagesOf(rep).length);
    const before = read();
    const inThread = stage.recorder.at('thread').length;

    await nextLook();
    await imap.mended();
    await nextLook();
    await imap.old();
    await nextLook();
    expect(probed.slice(2)).toEqual([['imap'], ['imap'], ['imap']]);
    expect(read()).toEqual(before);
    expect(stage.recorder.at('thread')).toHaveLength(inThread);

    await imap.mended();
    await nextLook();
    await stage.restart();
    expect(read()).toEqual(before);
    await nextLook();
    for (const rep of [anna, bea]) {
      await stage.message(rep, /^Die Ursache ist behoben/u);
      const report = await stage.message(rep, /^Der Server erfüllt alle Anforderungen/u);
      const values = report.blocks.flatMap((block) => (block.type === 'values' ? block.rows : []));
      expect(values.map(({ value }) => value)).toContain(String(imap.imapsPort));
    }
    await stage.idle();
    expect(stage.recorder.words('thread').slice(inThread)).toEqual([
      expect.stringMatching(/^Die Ursache ist behoben: In zwei Prüfungen hintereinander/u),
    ]);
    expect(JSON.stringify(root.message)).toContain('Mit „Erledigt“ schließen Sie den Fall.');
    expect(root.message.buttons.map(({ action }) => action)).toContain('resolve');

    await stage.it(omar).press(root.message, 'resolve');
    for (const rep of [anna, bea]) await stage.message(rep, /als erledigt gemeldet/u);
    const looks = probed.length;
    await stage.later(60 * minute);
    await stage.idle();
    expect(probed).toHaveLength(looks);
  });
});
