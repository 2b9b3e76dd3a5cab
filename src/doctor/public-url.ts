import { codeOf } from '../lib/error-code.ts';
import { isLoopback } from '../lib/loopback.ts';
import { type Found, found } from './examination.ts';

/** In milliseconds. */
const patience = 5_000;

/** Node's names for a certificate that it does not take, from OpenSSL's X509_V_ERR codes. */
const isOfCertificate = (code: string): boolean => /CERT|SIGNATURE|ISSUER|CHAIN|ALTNAME|CRL/u.test(code);

type Page = {
  status: number;
  text: string /** Where it leads on to, if that is another address. */;
  onwards: string | null;
};
type Pages = { login: Page; health: Page };

const pageAt = async (publicUrl: string, path: string): Promise<Page> => {
  const url = new URL(`${publicUrl}/${path}`);
  const response = await fetch(url, { signal: AbortSignal.timeout(patience), redirect: 'manual' });
  const location = response.headers.get('location');
  const next = location !== null && URL.canParse(location, url.href) ? new URL(location, url) : url;
  return {
    status: response.status,
    text: await response.text(),
    onwards: next.origin === url.origin ? null : next.origin,
  };
};

const isOurHealth = ({ status, text }: Page): boolean => status === 200 && text === '{"ok":true}';
const isOurLogin = ({ status, text }: Page): boolean => status === 200 && text.includes('login/page.js');

/** What a proxy says when nobody is behind it. */
const nobodyBehind = [502, 503, 504];

const judged = (url: string, { login, health }: Pages): Found => {
  const { status, onwards } = login;
  if (onwards !== null) return found('public-url', 'leads-on', { url, to: onwards });
  // A proxy may keep the health to itself; people need the page.
  if (isOurLogin(login) || (isOurHealth(health) && status === 200))
    return found('public-url', isLoopback(new URL(url).hostname) ? 'set-for-this-machine' : 'answers', {
      url,
    });
  if (isOurHealth(health)) return found('public-url', 'login-missing', { url, status });
  return found('public-url', nobodyBehind.includes(status) ? 'not-running' : 'not-ours', { url, status });
};

/** The program itself speaks plain HTTP, so that over https a proxy has answered, and from outside nobody may read them. */
const figuresFound = async (url: string): Promise<Found[]> => {
  if (!url.startsWith('https:')) return [];
  const { status, text } = await pageAt(url, 'metrics');
  return status === 200 && text.includes('connect_email_')
    ? [found('public-url', 'metrics-open', { url })]
    : [];
};

/**
 * Whether the address in PUBLIC_URL leads to the login page of this program, and no further than it should. Not running is
 * no fault: the doctor may be asked before the start. An address of this machine is no fault either, and works for its
 * own people only.
 */
export const examinePublicUrl = async (publicUrl: string | null): Promise<Found[]> => {
  if (publicUrl === null) return [found('public-url', 'not-set')];
  try {
    const [login, health, figures] = await Promise.all([
      pageAt(publicUrl, 'login'),
      pageAt(publicUrl, 'healthz'),
      figuresFound(publicUrl),
    ]);
    return [judged(publicUrl, { login, health }), ...figures];
  } catch (error) {
    const cause = error instanceof Error ? error.cause : null;
    const code = codeOf(cause ?? error);
    const values = { url: publicUrl, code };
    if (isOfCertificate(code)) return [found('public-url', 'not-trusted', values)];
    if (isLoopback(new URL(publicUrl).hostname)) return [found('public-url', 'set-for-this-machine', values)];
    return [found('public-url', 'not-reached', values)];
  }
};
