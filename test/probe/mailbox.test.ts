/** What servers call their folders, and what reads it: any bytes are taken, and nothing is found that is not there. */
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBoundedSocket } from '../../src/net/bounded-socket.ts';
import { readableName } from '../../src/probe/mailbox/folder-name.ts';
import { listFolders } from '../../src/probe/mailbox/folders.ts';
import { readListing } from '../../src/probe/mailbox/listing.ts';
import { isUsualName } from '../../src/probe/mailbox/usual-names.ts';
import { meaningOfLogin } from '../../src/probe/refusals/login.ts';
import { meaningOfSending } from '../../src/probe/refusals/sending.ts';
import { scope, startListener } from '../mail-servers/index.ts';

const servers = scope();
let port = 0;
let served = Buffer.alloc(0);
beforeAll(async () => {
  ({ port } = await servers.start(startListener((socket) => socket.end(served).resume())));
});
afterAll(servers.stop);

describe('Given a folder’s name as it travels', () => {
  it.each([
    ['&AMk-l&AOk-ments envoy&AOk-s', 'Éléments envoyés'],
    ['~peter/mail/&U,BTFw-/&ZeVnLIqe-', '~peter/mail/台北/日本語'],
    ['Wys&AUI-ane', 'Wysłane'],
    ['Q&-A', 'Q&A'],
    ['&2D3eAA-', '😀'],
    ['R&D', 'R&D'],
    ['R&D-old', 'R&D-old'],
    ['&2D0-', '&2D0-'],
    ['&AA0-', '&AA0-'],
    ['Gesendet', 'Gesendet'],
  ])('%s is read as %s', (raw, name) => expect(readableName(raw)).toBe(name));

  it('UTF-8 that comes unasked is read as well', () => {
    expect(readableName(Buffer.from('Envoyés', 'utf8').toString('latin1'))).toBe('Envoyés');
  });

  it.each([
    ...[
      'Sent',
      'SENT ITEMS',
      'Gesendete-Elemente',
      'Éléments envoyés',
      'Elementos enviados',
      'Posta inviata',
    ],
    ...['Elementy wysłane', 'Odeslaná pošta', 'Отправленные', 'Απεσταλμένα', 'Lähetetyt', 'Saadetud kirjad'],
    ...[
      'Elküldött',
      'Gönderilmiş Öğeler',
      'Verzonden items',
      'Išsiųsti laiškai',
      'Nosūtītie',
      'Trimise',
      'Sendt',
      'Mibgħuta',
    ],
  ])('%s is by custom the folder for sent mail', (name) => expect(isUsualName(name)).toBe(true));

  it.each(['Sentinel', 'Presents', 'Drafts', 'Entwürfe', 'Unsent', 'Envois', ''])('%s is not', (name) =>
    expect(isUsualName(name)).toBe(false),
  );
});

const piece = fc.oneof(
  fc.constantFrom(
    ...[
      '* LIST (',
      ') "/" ',
      'NIL ',
      '"',
      '\\',
      '\\Sent',
      '\\Noselect',
      '{3}',
      '{99999}',
      '\r\n',
      '&',
      '&-',
      '-',
    ],
    ...[
      'a6 OK',
      'a6 NO [NOPERM] no',
      '* BYE bye',
      '* LIST (\\Sent) "/" "Sent"\r\n',
      '&AOk-',
      '\u001b[31m',
      '\0',
    ],
  ),
  fc.string({ maxLength: 30, unit: 'binary' }),
);
const speech = fc.array(piece, { maxLength: 30 }).map((parts) => parts.join(''));

describe('Given any bytes', () => {
  it('a list of folders is read, and a sent folder is found only where one is marked', async () => {
    await fc.assert(
      fc.asyncProperty(speech, async (text) => {
        served = Buffer.from(text, 'utf8');
        const wire = createBoundedSocket(connect(port, '127.0.0.1'), AbortSignal.timeout(5_000));
        try {
          const found = await listFolders({ wire, service: 'imap', lines: [] }, ['a6', 'LIST "" "*"']);
          if (found.marked) expect(text).toMatch(/\\Sent/iu);
          if (found.outcome === 'ok') expect(text).toMatch(/a6 OK/iu);
          expect(found.reply).not.toMatch(/\p{C}/u);
        } finally {
          wire.close();
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('names and replies are read without a fault', () => {
    fc.assert(
      fc.property(speech, (text) => {
        readListing(text);
        expect(typeof readableName(text)).toBe('string');
        isUsualName(readableName(text));
        meaningOfLogin('imap', [`a3 NO ${text}`]);
        meaningOfLogin('smtp', [`535 ${text}`]);
        meaningOfSending('550', [`550 ${text}`]);
      }),
      { numRuns: 4_000 },
    );
  });

  it('a long reply of many words takes no longer than a short one deserves', () => {
    const started = performance.now();
    for (const part of ['not ', 'if ', '((((', 'locked or ', '"', 'mot de passe ', ' - '])
      meaningOfLogin('imap', [`a3 NO ${part.repeat(20_000)}`]);
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
