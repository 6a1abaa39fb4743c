// Makes a certificate authority for one cluster, and a certificate for loopback that it signs. Both live in the
// cluster's folder.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, runToEnd } from './processes.mjs';

const DAYS = '7';
const NAMES = 'DNS:localhost,IP:127.0.0.1,IP:::1';

/**
 * @param {string} folder gets ca.pem, fullchain.pem and privkey.pem
 * @returns {{certificate: string, certificateFile: string}} the authority's certificate (PEM): what a client must trust
 */
export function makeCertificate(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const openssl = findProgram('openssl');
  const at = (name) => join(folder, name);
  // OPENSSL_CONF keeps the machine's own configuration from adding extensions.
  writeFileSync(at('openssl.cnf'), '[req]\ndistinguished_name = name\n[name]\n');
  const run = (...args) => runToEnd(openssl, args, { env: { ...process.env, OPENSSL_CONF: at('openssl.cnf') } });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

  run(
    ...['req', '-x509', ...newKey, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-days', DAYS, '-subj', '/CN=Wetink cluster on loopback'],
    ...['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign'],
  );
  run('req', ...newKey, '-keyout', at('privkey.pem'), '-out', at('server.csr'), '-subj', '/CN=localhost');
  writeFileSync(at('server.ext'), `subjectAltName=${NAMES}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n`);
  run(
    ...['x509', '-req', '-in', at('server.csr'), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial'],
    ...['-out', at('fullchain.pem'), '-days', DAYS, '-extfile', at('server.ext')],
  );
  return { certificate: readFileSync(at('ca.pem'), 'utf8'), certificateFile: at('ca.pem') };
}
