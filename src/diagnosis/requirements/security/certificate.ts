import { services } from '../../account/endpoint.ts';
import { interceptor } from '../../observed/interception.ts';
import type { CertificateFacts } from '../../observed/observation.ts';
import type { Seen } from '../../observed/seen.ts';
import { requirement } from '../../requirement.ts';

const day = 24 * 60 * 60 * 1000;
const iso = (ms: number): string => new Date(ms).toISOString();

/** Then the certificate is not the server's, and nothing of it says anything of the server. */
const isAnothers = (seen: Seen): boolean =>
  !(seen.certificates?.isUnproven ?? false) && interceptor(seen) !== null;

export const certTrusted = requirement('cert-trusted', {
  scope: services,
  step: 'connect',
  shownBy: 'outside',
  sources: ['requirements-2017', 'domain-settings'],
  neededForLogin: 'trust',
  explains: { 'login-accepted': ['certificate-not-trusted'] },
  judge: (seen, say) => {
    const { certificates } = seen;
    const leaf = certificates?.chain[0];
    const last = certificates?.chain.at(-1);
    if (!certificates || !leaf || !last) return null;
    if (certificates.anchor)
      return say.pass({
        issuer: last.issuer,
        trustedBy: certificates.anchor === 'local' ? 'local' : 'mozilla',
      });
    if (certificates.isUnproven) return null;
    const issuer = interceptor(seen);
    if (issuer !== null) return say.because('intercepted-here', { issuer });
    if (leaf.selfSigned) return say.because('self-signed', { subject: leaf.subject });
    // Without an end to the chain nobody can tell who would vouch for it.
    return certificates.endsInSelfSigned ? say.because('private-ca', { issuer: last.issuer }) : null;
  },
});

export const certChainComplete = requirement('cert-chain-complete', {
  scope: services,
  step: 'connect',
  shownBy: 'outside',
  sources: [],
  neededForLogin: 'trust',
  judge: (seen, say) => {
    const { certificates } = seen;
    const last = certificates?.chain.at(-1);
    if (!certificates || !last) return null;
    if (isAnothers(seen)) return say.notReached('cert-trusted');
    if (certificates.isUnproven) return say.notMeasured();
    return certificates.anchor || certificates.endsInSelfSigned
      ? say.pass()
      : say.because('missing-intermediate', { issuer: last.issuer });
  },
});

/** RFC 9525 §6.3: only the subject alternative names count; current clients ignore the common name. */
export const certName = requirement('cert-name', {
  scope: services,
  step: 'connect',
  shownBy: 'outside',
  sources: [],
  neededForLogin: 'trust',
  judge: (seen, say) => {
    const { certificates } = seen;
    const leaf = certificates?.chain[0];
    if (isAnothers(seen)) return say.notReached('cert-trusted');
    switch (certificates?.nameMatch) {
      case 'san':
        return say.pass({ names: leaf?.names ?? [] });
      case 'common-name':
        return say.because('cn-only', { commonName: leaf?.commonName ?? '' });
      case 'none': {
        const names = leaf?.names ?? [];
        return say.because('name-mismatch', { names: names.length > 0 ? names : [leaf?.commonName ?? ''] });
      }
      case undefined:
        return null;
    }
  },
});

/** Renewal is due: under 21 days and under a quarter of the lifetime, so that short-lived certificates raise no alarm. */
const expiresSoon = ({ notBefore, notAfter }: CertificateFacts, now: number): boolean =>
  notAfter - now < 21 * day && notAfter - now < (notAfter - notBefore) / 4;

export const certValidity = requirement('cert-validity', {
  scope: services,
  step: 'connect',
  shownBy: 'outside',
  sources: [],
  neededForLogin: 'trust',
  judge: (seen, say, { now }) => {
    const { certificates } = seen;
    const leaf = certificates?.chain[0];
    if (!certificates || !leaf) return null;
    if (isAnothers(seen)) return say.notReached('cert-trusted');
    const notAfter = iso(leaf.notAfter);
    const days = Math.floor(Math.abs(leaf.notAfter - now) / day);
    if (now > leaf.notAfter) return say.because('expired', { notAfter, days });
    const above = [...certificates.chain.slice(1), ...(certificates.root ? [certificates.root] : [])];
    const early = [leaf, ...above].find(({ notBefore }) => now < notBefore);
    if (early)
      return say.because('not-yet-valid', { subject: early.subject, notBefore: iso(early.notBefore) });
    const stale = above.find((one) => now > one.notAfter);
    if (stale)
      return say.because('intermediate-expired', { subject: stale.subject, notAfter: iso(stale.notAfter) });
    return expiresSoon(leaf, now)
      ? say.because('expires-soon', { notAfter, days })
      : say.pass({ notAfter, days });
  },
});

/** NIST SP 800-57: below these a key no longer protects; today's OpenSSL refuses them at its default level. */
const weakKey = ({ keyType, keyBits }: CertificateFacts): boolean =>
  keyBits !== null && keyBits < (keyType === 'EC' ? 224 : /^(?:RSA|DSA)/u.test(keyType) ? 2048 : 0);

const weakSignature = ({ signature, selfSigned }: CertificateFacts): boolean =>
  !selfSigned && /md[245]|sha-?1(?!\d)/iu.test(signature);

/** RFC 9325 §4.2: no Diffie-Hellman over a smaller group; browsers have given up those exchanges altogether. In bits. */
const smallestGroup = 2048;

export const certStrength = requirement('cert-strength', {
  scope: services,
  step: 'connect',
  shownBy: 'outside',
  sources: [],
  judge: (seen, say) => {
    const { certificates, handshake } = seen;
    const leaf = certificates?.chain[0];
    if (!certificates || !leaf) return null;
    if (isAnothers(seen)) return say.notReached('cert-trusted');
    if (!leaf.forServers) return say.because('not-for-servers', {});
    const judged = certificates.chain.filter((one, index) => index === 0 || !one.selfSigned);
    const weak = judged.find(weakKey);
    if (weak)
      return say.because('weak-key', { subject: weak.subject, keyType: weak.keyType, keyBits: weak.keyBits });
    const signed = judged.find(weakSignature);
    if (signed)
      return say.because('weak-signature', { subject: signed.subject, signature: signed.signature });
    const bits = handshake?.groupBits ?? null;
    return bits !== null && bits < smallestGroup ? say.because('weak-key-exchange', { bits }) : say.pass();
  },
});
