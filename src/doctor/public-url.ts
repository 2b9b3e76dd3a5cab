import { isLoopback } from '../config/loopback.ts';
import { codeOf } from '../error-code.ts';
import { type Found, found } from './examination.ts';

const patience = 5_000;

/** Node's names for a certificate that it does not take, from OpenSSL's X509_V_ERR codes. */
const isOfCertificate = (code: string): boolean => /CERT|SIGNATURE|ISSUER|CHAIN|ALTNAME|CRL/u.test(code);

/**
 * Whether the address in PUBLIC_URL leads back to this program. Not running is no fault: the doctor may be asked before
 * the start. An address of this machine is no fault either, and works for its own people only.
 */
export const examinePublicUrl = async (publicUrl: string | null): Promise<Found> => {
  if (publicUrl === null) return found('public-url', 'not-set');
  const url = new URL('healthz', publicUrl.endsWith('/') ? publicUrl : `${publicUrl}/`);
  const values = { url: publicUrl };
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patience), redirect: 'manual' });
    const body: unknown = await response.json().catch(() => null);
    const isOurs = response.ok && JSON.stringify(body) === '{"ok":true}';
    if (isOurs)
      return found('public-url', isLoopback(url.hostname) ? 'set-for-this-machine' : 'answers', values);
    // What a proxy says when nobody is behind it.
    const nobodyBehind = [502, 503, 504].includes(response.status);
    return found('public-url', nobodyBehind ? 'not-running' : 'not-ours', {
      ...values,
      status: response.status,
    });
  } catch (error) {
    const cause = error instanceof Error ? error.cause : null;
    const code = codeOf(cause ?? error);
    if (isOfCertificate(code)) return found('public-url', 'not-trusted', { ...values, code });
    if (isLoopback(url.hostname)) return found('public-url', 'set-for-this-machine', values);
    return found('public-url', 'not-reached', { ...values, code });
  }
};
