/** What IT has to do, what each person finds on her own page, and what becomes of a case after it was resolved. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { scope } from '../mail-servers/index.ts';
import { sideBySide } from '../support/side-by-side.ts';
import { until } from '../support/until.ts';
import { type MailHost, startMailHost } from './mail-host.ts';
import { rigs } from './rigs/index.ts';
import { giveAddress, type Locale, type Message, nextForm, type Stage } from './stage.ts';
import { variants, variantsIn } from './words.ts';

const servers = scope();
let host: MailHost;
beforeAll(async () => {
  host = await startMailHost(servers);
});
afterAll(() => servers.stop());

const wordsIn = (locale: Locale) =>
  (variants.find(({ language }) => language === locale) ?? variants[0]).words;

sideBySide(rigs, '$name', (rig) => {
  let prepared: Awaited<ReturnType<typeof rig.prepare>>;
  beforeAll(async () => {
    prepared = await rig.prepare();
  });
  afterAll(() => prepared.close());

  describe.each(variantsIn(rig.name))('in $language', ({ language, words }) => {
    let stage: Stage;
    const open = async () => {
      const env = { CHECK_CA_FILE: host.caFile };
      stage = await prepared.open({ env, locale: language, process: 'shared' });
    };
    afterEach(() => stage.close());

    /** Her newest message that offers this; older ones do no more. */
    const offering = (action: string): Promise<Message> =>
      until(async () => {
        const found = (await stage.anna.chat()).findLast(({ buttons }) => buttons.includes(action));
        if (!found) throw new Error(`nothing offers ${action}`);
        return found;
      });

    /** From nothing to a case in the IT channel. */
    const handOver = async (): Promise<Message> => {
      const { anna, jonas } = stage;
      await (await giveAddress(anna)).submit(host.account(host.old.imapsPort));
      await (await anna.open(await anna.reads(words.blocked), 'escalate')).submit({ comment: '' });
      await anna.reads(words.handedOver);
      return jonas.reads(words.rootHeading, words.rootOpen);
    };

    test('IT finds the case in its queue, by age, host and address; she sees hers, and nothing of the queue', async () => {
      await open();
      const { anna, jonas } = stage;
      await handOver();
      const his = wordsIn(jonas.speaks);
      const all = (await jonas.asks('queue')).lines.join('\n');
      for (const word of [his.openCase, his.tlsTitle, 'Anna Beck', 'rep@example.test', his.rootOpen])
        expect(all).toContain(word);
      for (const query of ['127.0.0.1', 'rep@example.test'])
        expect((await jonas.asks(`queue ${query}`)).lines).toContain(`${his.openCaseFor}${query}`);
      expect((await jonas.asks('queue nobody.example')).lines).toContain(his.noCaseFor);
      await jonas.page(his.openCase, his.tlsTitle);
      await stage.look('queue');

      for (const asked of ['queue', 'queue rep@example.test']) {
        const refused = (await anna.asks(asked)).lines.join('\n');
        expect(refused).toContain(words.queueRefused);
        expect(refused).not.toContain(words.tlsTitle);
      }
      const own = await anna.page(words.mailboxes, 'rep@example.test', words.blocked, words.caseWithIt);
      expect(own.lines).not.toContain(words.openCase);
      await stage.look('own-page');
    });

    test('after IT has resolved it: it fails in HubSpot, she says with which error, and at last it works', async () => {
      await open();
      const { anna, jonas } = stage;
      const root = await handOver();
      await jonas.press(root, 'resolve');
      const asked = await anna.reads(words.resolved, words.didItWork);
      expect(asked.buttons).toEqual(['check-again', 'it-worked', 'it-failed', 'reopen']);
      await stage.look('did-it-work');
      await anna.press(asked, 'it-failed');
      await jonas.readsBelow(root, words.itFailedForIt);
      await jonas.reads(words.rootHeading, words.rootOpen);
      const what = await offering('said-imap-settings');
      expect(what.lines).toContain(words.itFailed);
      // Somebody who still sees the button presses it twice; it is open once.
      await anna.press(asked, 'it-failed');
      await stage.look('what-hubspot-shows');
      await anna.press(what, 'said-imap-settings');
      await jonas.readsBelow(root, words.shownByHubspot);

      await jonas.press(await jonas.reads(words.rootOpen), 'resolve');
      await jonas.reads(words.rootResolved);
      await anna.press(await offering('it-failed'), 'it-failed');
      const form = await anna.open(await offering('said-other'), 'said-other');
      expect(await form.submit({ reply: 'Oops <b>500</b>' })).toEqual({ type: 'closed' });
      await jonas.readsBelow(root, words.writtenForIt, 'Oops <b>500</b>');

      await jonas.press(await jonas.reads(words.rootOpen), 'resolve');
      await jonas.reads(words.rootResolved);
      await anna.press(await offering('it-worked'), 'it-worked');
      await jonas.readsBelow(root, words.itWorkedForIt);
      expect(await jonas.channel()).toHaveLength(1);
    });

    test('from somebody else’s message she comes to the form with its address, and the answer into her chat', async () => {
      await open();
      const { anna } = stage;
      const address = 'rep@example.test';
      const form = await anna.beginsAt(`Wer hilft mir mit ${address}, bitte?`, address);
      expect(await form.standing('address')).toEqual({ address });
      const next = nextForm(await form.submit({ personalInbox: 'yes' }));
      expect(await next.submit(host.account(host.dovecot.imapsPort))).toEqual({ type: 'closed' });
      await anna.reads(words.ready);
    });
  });
});
