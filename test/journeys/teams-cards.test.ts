import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, startBrowser, type Visit } from '../adapters/browser.ts';
import { itChannelId } from '../adapters/teams-simulator/index.ts';
import { drawCard, lastClick, lowestContrast, openCards } from '../adapters/teams-simulator/page.ts';
import { scope } from '../mail-servers/index.ts';
import { until } from '../support/until.ts';
import { type MailHost, startMailHost } from './mail-host.ts';
import { picture } from './preview-page.ts';
import {
  type Company,
  checkServers,
  dialogIn,
  errorsAt,
  giveAddress,
  openCompany,
  variants,
} from './teams-stage.ts';

const servers = scope();
let host: MailHost;
let browser: Browser;
beforeAll(async () => {
  [browser, host] = await Promise.all([startBrowser(), startMailHost(servers)]);
});
afterAll(async () => {
  await browser?.close();
  await servers.stop();
});

/** Of the dialogs in which Teams shows forms, in pixels. */
const dialogWidth = 760;
const welcomes = {
  de: 'E-Mail-Konto mit HubSpot verbinden',
  en: 'Connect your e-mail account to HubSpot',
};
const allDetails = { de: 'Alle Einzelheiten der Prüfung', en: 'All details of the check' };
const hostile = '**b** [x](http://e.test) `c` <b>x</b> &amp; - $(id)';

describe.each(variants)(
  'cards in $language, as wide as a dialog and as a phone',
  ({ language, tag, height, words }) => {
    const welcome = welcomes[language as 'de' | 'en'];
    const details = allDetails[language as 'de' | 'en'];
    let company: Company;
    let visit: Visit;
    let page: Page;
    const open = async () => {
      const env = { CHECK_CA_FILE: host.caFile, DATA_DIR: await servers.folder(), DEFAULT_LOCALE: language };
      company = await openCompany(
        { ...env, TEAMS_IT_CHANNEL: itChannelId },
        { tag, repName: `Anna ${hostile}` },
      );
      visit = await browser.visit('about:blank', { locale: tag, width: dialogWidth, height });
      page = visit.page;
      await openCards(page);
    };
    /** As people see it: readable, as wide as the window, and nothing of what others wrote has become more than text. */
    const look = async (name: string, card: unknown): Promise<void> => {
      await page.evaluate("for (const one of document.querySelectorAll('.card')) one.remove()");
      await drawCard(page, card);
      const { ratio, text } = await lowestContrast(page);
      expect(ratio, text).toBeGreaterThanOrEqual(4.5);
      expect(await page.locator('.md').count()).toBe(0);
      expect(await page.locator('.card b, .card a, .card code').count()).toBe(0);
      const wide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      for (const width of [390, dialogWidth]) {
        await page.setViewportSize({ width, height });
        await picture(page, `teams-${name}-${language}-${width}`);
        expect(await page.evaluate(wide), `${name}, ${width} pixels wide`).toBeLessThanOrEqual(0);
      }
    };
    afterEach(async () => {
      expect(visit.complaints).toEqual([]);
      await visit[Symbol.asyncDispose]();
      await company.stop();
      expect(company.teams.faults).toEqual([]);
    });

    test('a form is filled in, comes back with its errors, and what she typed in the card is what is checked', async () => {
      await open();
      const { anna } = company;
      const form = await giveAddress(anna, welcome);
      await look('form', form);
      const labels =
        language === 'de' ? ['IMAP-Server', 'SMTP-Port', 'Prüfen'] : ['IMAP server', 'SMTP port', 'Check'];
      const [imapHost = '', smtpPort = '', check = ''] = labels;
      await page.getByLabel(imapHost, { exact: true }).fill(`imaps://${hostile}`);
      await page.getByLabel(smtpPort, { exact: true }).fill('70000');
      await page.getByRole('button', { name: check, exact: true }).click();
      const sent = await lastClick(page);
      expect(sent.data).toMatchObject({ form: 'servers', imapHost: `imaps://${hostile}`, smtpPort: '70000' });
      const typed = Object.fromEntries(
        Object.entries(sent.data).map(([name, value]) => [name, String(value)]),
      );
      const again = dialogIn(await anna.submit(form, 'servers', typed));
      expect(Object.keys(errorsAt(again))).toEqual(['imapHost', 'smtpHost', 'smtpPort']);
      await look('form-errors', again);
      expect(await page.getByLabel(imapHost, { exact: true }).inputValue()).toBe(`imaps://${hostile}`);
      await page.locator('.card').getByText(words.port, { exact: true }).waitFor();
    });

    test('progress, report, details, hand-over and the cards of IT can be read', async () => {
      await open();
      const { anna, jonas, teams } = company;
      await jonas.installsInTeam();
      const account = { ...host.account(host.old.imapsPort), username: hostile };
      const report = await checkServers(anna, account, { welcome, verdict: words.blocked });
      await look('welcome', anna.chat()[0]?.card);
      const progress = await until(() => {
        const changed = anna.chat().find(({ versions }) => versions.length > 1);
        if (!changed) throw new Error('no message has been brought up to date');
        return changed;
      });
      await look('progress', progress.versions[0]);
      await look('finished', progress.card);
      await look('report', report.card);
      await page.getByText(words.tlsTitle, { exact: true }).waitFor();
      await anna.press(report, 'details');
      const { card: everything } = await anna.reads(details);
      expect(JSON.stringify(everything)).not.toContain('[…]');
      await look('details', everything);
      const form = dialogIn(await anna.press(report, 'escalate'));
      await look('escalate', form);
      await anna.submit(form, 'escalate', { comment: `${hostile}\n- eins\n1. zwei` });
      await anna.reads(words.handedOver);
      const [root] = teams.casesOf();
      await look('root', root?.card);
      expect(await page.locator('.card').innerText()).toContain(hostile);
      if (!root) throw new Error('there is no thread');
      await teams.waitFor(() => teams.threadOf(root), 'SMTP: 127.0.0.1');
      for (const [index, { card }] of teams.threadOf(root).entries()) await look(`evidence-${index}`, card);
    });
  },
);
