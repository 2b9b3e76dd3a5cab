import { codeOf, type Found, found } from './examination.ts';

const patience = 5_000;

const isLocal = ({ hostname }: URL): boolean => /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/u.test(hostname);

/** Whether the address in PUBLIC_URL leads back to this program. Not running is no fault: the doctor may be asked before the start. */
export const examinePublicUrl = async (publicUrl: string | null): Promise<Found> => {
  if (publicUrl === null) return found('public-url', 'not-set');
  const url = new URL('healthz', publicUrl.endsWith('/') ? publicUrl : `${publicUrl}/`);
  if (isLocal(url)) return found('public-url', 'set-for-this-machine', { url: publicUrl });
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patience), redirect: 'error' });
    const body: unknown = await response.json().catch(() => null);
    const isOurs = response.ok && JSON.stringify(body) === '{"ok":true}';
    if (isOurs) return found('public-url', 'answers', { url: publicUrl });
    // What a proxy says when nobody is behind it.
    const nobodyBehind = [502, 503, 504].includes(response.status);
    return found('public-url', nobodyBehind ? 'not-running' : 'not-ours', {
      url: publicUrl,
      status: response.status,
    });
  } catch (error) {
    const cause = error instanceof Error ? error.cause : null;
    return found('public-url', 'not-reached', { url: publicUrl, code: codeOf(cause ?? error) });
  }
};
