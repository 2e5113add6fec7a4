// A certificate authority for one test run, made by the openssl program: what the relays of these tests show.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

export function makeCertificates() {
	const folder = mkdtempSync(path.join(tmpdir(), 'madoguchi-ca-'))
	const at = name => path.join(folder, name)
	const openssl = (...args) => execFileSync('openssl', args, { stdio: 'pipe' })
	const key = name => openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', at(name))

	key('ca.key')
	openssl('req', '-x509', '-new', '-key', at('ca.key'), '-subj', '/CN=Test CA', '-days', '2', '-out', at('ca.pem'))

	function issue(name, host, extra = []) {
		key(`${name}.key`)
		openssl('req', '-new', '-key', at(`${name}.key`), '-subj', `/CN=${host}`, '-out', at(`${name}.csr`))
		writeFileSync(at(`${name}.ext`), `subjectAltName=DNS:${host}\nextendedKeyUsage=serverAuth\n`)
		openssl('x509', '-req', '-in', at(`${name}.csr`), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial',
			'-extfile', at(`${name}.ext`), '-out', at(`${name}.pem`), ...(extra.length ? extra : ['-days', '2']))
		return { key: readFileSync(at(`${name}.key`)), cert: readFileSync(at(`${name}.pem`)) }
	}

	key('self.key')
	openssl('req', '-x509', '-new', '-key', at('self.key'), '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost',
		'-days', '2', '-out', at('self.pem'))
	return {
		caFile: at('ca.pem'),
		good: issue('good', 'localhost'),
		otherName: issue('other', 'relay.other.example'),
		expired: issue('expired', 'localhost', ['-days', '-1']),
		selfSigned: { key: readFileSync(at('self.key')), cert: readFileSync(at('self.pem')) },
		remove: () => rmSync(folder, { recursive: true, force: true }),
	}
}
