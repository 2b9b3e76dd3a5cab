/** An app that several companies have installed, and tokens as Teams' own: a process of its own, two reps, one IT. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import de from '../../locales/de/views.json' with { type: 'json' };
import { actionsOf, textsOf } from '../adapters/teams-simulator/cards.ts';
import { itChannelId, type Simulator, startSimulator } from '../adapters/teams-simulator/index.ts';
import { startIssuer } from '../adapters/teams-simulator/issuer.ts';
import { closedPort, scope } from '../mail-servers/index.ts';
import { loopback, type Product, startProduct } from './product.ts';
import { checkServers, dialogIn } from './teams-stage.ts';

const appId = '11111111-2222-3333-4444-555555555555';
const blocked = 'So lässt sich das Konto nicht verbinden';

const own = scope();
let product: Product;
let teams: Simulator;
let issuer: Awaited<ReturnType<typeof startIssuer>>;
let account: Record<string, string>;
beforeEach(async () => {
  issuer = await startIssuer(appId);
  product = await startProduct({
    ...loopback,
    DATA_DIR: await own.folder(),
    LOG_LEVEL: 'info',
    MICROSOFT_APP_ID: appId,
    TEAMS_OPENID_METADATA_URL: issuer.url,
    TEAMS_IT_CHANNEL: itChannelId,
  });
  teams = await startSimulator({ bot: () => product.url, token: issuer.valid });
  const { port } = await closedPort();
  account = { imapHost: '127.0.0.1', imapPort: String(port), smtpHost: '127.0.0.1', smtpPort: String(port) };
});
afterEach(async () => {
  await teams.stop();
  await issuer.stop();
  await product.stop();
  await own.stop();
  expect(teams.faults).toEqual([]);
});

const words = { welcome: de.welcome.heading, verdict: blocked };

test('a rep of another company than IT’s gets a text for her own IT, and no button', async () => {
  const jonas = teams.person({ id: '29:jonas', name: 'Jonas Kern', locale: 'de-DE' });
  const anna = teams.person({ id: '29:anna', name: 'Anna Beck', locale: 'de-DE' });
  const eve = teams.person({ id: '29:eve', name: 'Eva Fern', locale: 'de-DE', tenantId: 'tenant-2' });
  await jonas.installsInTeam();

  const hers = await checkServers(eve, account, words);
  expect(textsOf(hers.card)).toContain(de.report['no-it-channel']);
  expect(actionsOf(hers.card).map(({ data }) => data.action)).not.toContain('escalate');

  const report = await checkServers(anna, account, words);
  expect(textsOf(report.card)).not.toContain(de.report['no-it-channel']);
  const escalate = dialogIn(await anna.press(report, 'escalate'));
  // A form that somebody else has opened hands over nothing of hers either.
  await eve.submit(escalate, 'escalate', {});
  await anna.submit(escalate, 'escalate', {});
  await teams.waitFor(teams.rootsOf, 'Anna Beck');
  expect(teams.casesOf()).toHaveLength(1);
});

test('forged and expired tokens leave nothing in the log but its own lines, and are counted', async () => {
  const anna = teams.person({ id: '29:anna', name: 'Anna Beck', locale: 'de-DE' });
  const wrong = Object.values(issuer.wrong(teams.connector.url));
  for (const token of wrong)
    expect((await anna.deliver({ ...anna.base(), type: 'message', text: 'hello' }, token)).status).toBe(401);
  const figures = await (await fetch(`${product.url}/metrics`)).text();
  expect(figures).toContain(
    `connect_email_refused_requests_total{door="teams",reason="bad-token"} ${wrong.length}`,
  );
  const lines = product
    .said()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('connect-email: '));
  for (const line of lines) expect(() => JSON.parse(line) as unknown, line).not.toThrow();
  expect(product.said()).not.toMatch(/Token|BEGIN|jwt/u);
});
