/** Which TLS versions a server speaks, told to OpenSSL itself where a daemon has no setting for it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

const ORDER: readonly TlsVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

export const CURRENT_VERSIONS: readonly TlsVersion[] = ['TLSv1.2', 'TLSv1.3'];

/** OpenSSL at a higher level refuses TLS 1.0, SHA-1 and short keys whatever else is set. */
export const LEGACY_CIPHERS = 'DEFAULT@SECLEVEL=0';

/** Lowest and highest of the versions; servers can only be told a range. */
export function versionRange(versions: readonly TlsVersion[]): { min: TlsVersion; max: TlsVersion } {
  const [min, ...more] = ORDER.filter((version) => versions.includes(version));
  if (min === undefined) throw new Error('Expected at least one TLS version, got none');
  return { min, max: more.at(-1) ?? min };
}

/** Writes a configuration for OPENSSL_CONF that allows exactly these versions; returns its path. */
export async function writeOpensslConfig(folder: string, versions: readonly TlsVersion[]): Promise<string> {
  const { min, max } = versionRange(versions);
  const path = join(folder, 'openssl.cnf');
  const config = `openssl_conf = init
[init]
ssl_conf = ssl
[ssl]
system_default = versions
[versions]
MinProtocol = ${min}
MaxProtocol = ${max}
CipherString = ${LEGACY_CIPHERS}
`;
  await writeFile(path, config);
  return path;
}
