/** An issuer of tokens as Teams' own: OpenID metadata, keys, and tokens that are right or wrong in one way. */
import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import express from 'express';
import { startWebServer } from '../../../src/web/server.ts';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const newKeys = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

type Claims = Readonly<Record<string, unknown>>;

export const startIssuer = async (appId: string) => {
  const keys = newKeys();
  const kid = 'key-1';
  const router = express.Router();
  const jwk = { ...keys.publicKey.export({ format: 'jwk' }), kid, use: 'sig', endorsements: ['msteams'] };
  router.get('/openid', (request, response) => {
    const base = `http://${request.headers.host}`;
    response.json({ issuer: 'https://api.botframework.com', jwks_uri: `${base}/keys` });
  });
  router.get('/keys', (_request, response) => {
    response.json({ keys: [jwk] });
  });
  const health = async () => ({ ready: true, parts: {} });
  const web = await startWebServer({ host: '127.0.0.1', port: 0, routers: [router], health });

  const claims = (serviceUrl: string, more: Claims = {}): Claims => {
    const now = Math.floor(Date.now() / 1000);
    return {
      iss: 'https://api.botframework.com',
      aud: appId,
      nbf: now - 60,
      exp: now + 3600,
      serviceurl: serviceUrl,
      ...more,
    };
  };
  const signed = (key: KeyObject, payload: Claims, header: Claims = {}): string => {
    const body = `${encode({ alg: 'RS256', typ: 'JWT', kid, ...header })}.${encode(payload)}`;
    return `${body}.${createSign('RSA-SHA256').update(body).sign(key, 'base64url')}`;
  };
  const hour = 3600;
  const past = Math.floor(Date.now() / 1000) - 2 * hour;

  return {
    url: `${web.url}/openid`,
    valid: (serviceUrl: string): string => signed(keys.privateKey, claims(serviceUrl)),
    /** Each is wrong in one way only. */
    wrong: (serviceUrl: string): Record<string, string> => {
      const right = claims(serviceUrl);
      const unsigned = `${encode({ alg: 'none', typ: 'JWT', kid })}.${encode(right)}.`;
      const hmacBody = `${encode({ alg: 'HS256', typ: 'JWT', kid })}.${encode(right)}`;
      const secret = keys.publicKey.export({ format: 'pem', type: 'spki' });
      return {
        forged: signed(newKeys().privateKey, right),
        'of an unknown key': signed(newKeys().privateKey, right, { kid: 'other' }),
        'without a signature': unsigned,
        'signed with the public key as a secret': `${hmacBody}.${createHmac('sha256', secret).update(hmacBody).digest('base64url')}`,
        'for another bot': signed(keys.privateKey, claims(serviceUrl, { aud: 'another-bot' })),
        'of another issuer': signed(keys.privateKey, claims(serviceUrl, { iss: 'https://evil.example' })),
        expired: signed(keys.privateKey, claims(serviceUrl, { nbf: past - hour, exp: past })),
        'not valid yet': signed(
          keys.privateKey,
          claims(serviceUrl, { nbf: past + 4 * hour, exp: past + 5 * hour }),
        ),
        'good for ever': signed(keys.privateKey, claims(serviceUrl, { exp: undefined })),
        'for another service': signed(keys.privateKey, claims('https://evil.example')),
        'for no service': signed(keys.privateKey, claims(serviceUrl, { serviceurl: undefined })),
        damaged: signed(keys.privateKey, right).slice(0, -5),
        'no token at all': 'not.a.token',
      };
    },
    stop: web.stop,
  };
};
