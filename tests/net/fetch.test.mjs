// src/net/fetch.c against servers that behave and servers that do not. FETCH_TRY is the program fetch_try.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import net from 'node:net'
import tls from 'node:tls'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { makeCertificates } from '../smtp/certificates.mjs'

const program = process.env.FETCH_TRY
assert.ok(program, 'FETCH_TRY names the program')

async function run(url, options = [], env = {}) {
	const { stdout } = await promisify(execFile)(program, [url, ...options],
		{ env: { ...process.env, ...env }, encoding: 'latin1', maxBuffer: 1 << 24 })
	return stdout
}

/** A server that hands each connection to `speak`, after the head of the request and the body that it announces. */
async function serve(speak, { secure, before: first } = {}) {
	const seen = [], sockets = new Set()
	const onSocket = socket => {
		sockets.add(socket)
		socket.on('error', () => {}).on('close', () => sockets.delete(socket))
		if (first)
			return first(socket)
		let text = ''
		socket.setEncoding('latin1').on('data', part => {
			text += part
			const end = text.indexOf('\r\n\r\n')
			const length = Number(/^content-length: (\d+)\r$/im.exec(text)?.[1] ?? 0)
			if (end >= 0 && text.length >= end + 4 + length && !socket.answered) {
				socket.answered = true
				seen.push(text)
				speak(socket, text)
			}
		})
	}
	const server = secure ? tls.createServer(secure, onSocket).on('tlsClientError', () => {}) : net.createServer(onSocket)
	await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
	return {
		seen,
		port: server.address().port,
		url: `${secure ? 'https' : 'http'}://localhost:${server.address().port}`,
		stop: () => {
			for (const socket of sockets) socket.destroy()
			return new Promise(resolve => server.close(resolve))
		},
	}
}

/** What one request gives when the server says this. */
async function answerTo(said, options = [], path = '/path?q=1') {
	const server = await serve(socket => socket.end(said, 'latin1'))
	try {
		return { out: await run(server.url + path, options), seen: server.seen }
	} finally {
		await server.stop()
	}
}

describe('a request', () => {
	test('GET as it is', async () => {
		const { out, seen } = await answerTo('HTTP/1.1 200 OK\r\nContent-Type: Application/JSON; charset=utf-8\r\nX-A:  b \r\nContent-Length: 2\r\n\r\n{}')
		assert.equal(out, '200\ntype=application/json\nContent-Type: Application/JSON; charset=utf-8\nX-A: b\nContent-Length: 2\n\n{}')
		const [line, ...rest] = seen[0].split('\r\n')
		assert.equal(line, 'GET /path?q=1 HTTP/1.1')
		assert.deepEqual(rest.filter(Boolean).map(header => header.split(':')[0].toLowerCase()).sort(), ['accept', 'connection', 'host'])
	})

	test('POST with headers and a body of any bytes', async () => {
		const { out, seen } = await answerTo('HTTP/1.1 201 Created\r\n\r\n',
			['body=a=1&b\r\n\u00e9', 'header=Content-Type:application/ocsp-request', 'header=X-Empty:', 'header=Authorization:Bearer x'])
		assert.equal(out, '201\ntype=\n\n')
		assert.match(seen[0], /^POST \/path\?q=1 HTTP\/1.1\r\n/)
		assert.match(seen[0], /\r\nContent-Type: application\/ocsp-request\r\n/)
		assert.match(seen[0], /\r\nX-Empty:\s*\r\n/)
		assert.match(seen[0], /\r\nAuthorization: Bearer x\r\n/)
		assert.match(seen[0], /\r\nContent-Length: 9\r\n/)
		assert.ok(seen[0].endsWith('\r\n\r\na=1&b\r\n\u00c3\u00a9'))
		assert.doesNotMatch(seen[0], /Expect/i)
	})

	test('a body has no type that nobody gave it, and may be empty', async () => {
		const { seen } = await answerTo('HTTP/1.1 204 No Content\r\n\r\n', ['body='])
		assert.match(seen[0], /^POST /)
		assert.match(seen[0], /\r\nContent-Length: 0\r\n/)
		assert.doesNotMatch(seen[0], /content-type/i)
	})

	test('a long body asks for no 100 first', async () => {
		const { out, seen } = await answerTo('HTTP/1.1 200 OK\r\n\r\nok', [`body=${'x'.repeat(100000)}`])
		assert.ok(out.startsWith('200\n'))
		assert.doesNotMatch(seen[0], /expect/i)
	})

	test('other methods', async () => {
		const put = await answerTo('HTTP/1.1 200 OK\r\n\r\n', ['method=PUT', 'body=x'])
		assert.match(put.seen[0], /^PUT /)
		const remove = await answerTo('HTTP/1.1 200 OK\r\n\r\n', ['method=DELETE'])
		assert.match(remove.seen[0], /^DELETE /)
		const head = await answerTo('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n', ['method=HEAD'])
		assert.match(head.seen[0], /^HEAD /)
		assert.ok(head.out.startsWith('200\n') && head.out.endsWith('\n\n'))
	})

	const refused = [
		['', []], ['ftp://localhost/', []], ['file:///etc/passwd', []], ['localhost/', []], ['HTTPS://localhost/', []], ['gopher://localhost/', []],
		['http://', []], ['http:///path', []], ['http://user@localhost/', []], ['http://user:word@localhost/', []], ['http://localhost/#part', []],
		['http://localhost/a b', []], ['http://localhost/\r\nX: y', []], ['http://localhost/\u00e9', []], [`http://localhost/${'x'.repeat(4096)}`, []],
		['http://localhost/', ['method=GET /x']], ['http://localhost/', ['method=']], ['http://localhost/', ['method=G\r\nET']],
		['http://localhost/', ['header=:x']], ['http://localhost/', ['header=A B:x']], ['http://localhost/', ['header=A\r\nB:x']],
		['http://localhost/', ['header=A:x\r\nB: y']], ['http://localhost/', ['header=A:x\u00e9']], ['http://localhost/', ['header=Host:other']],
		['http://localhost/', ['header=content-length:1']], ['http://localhost/', ['header=Transfer-Encoding:chunked']],
		['http://localhost/', ['header=Connection:close']], ['http://localhost/', ['header=Expect:100-continue']],
	]
	for (const [url, options] of refused)
		test(`refused: ${JSON.stringify([url.slice(0, 40), ...options])}`, async () => {
			assert.match(await run(url, options), /^ERROR INVALID /)
		})
})

describe('an answer', () => {
	test('every status is one', async () => {
		for (const status of ['200 OK', '204 No', '302 Found', '400 Bad', '404 Not Found', '500 Bad', '503 Later', '599 X'])
			assert.equal((await answerTo(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`)).out.split('\n')[0], status.split(' ')[0])
	})

	test('a redirect is not followed', async () => {
		const target = await serve(socket => socket.end('HTTP/1.1 200 OK\r\n\r\nthere'))
		for (const status of [301, 302, 303, 307, 308]) {
			const { out } = await answerTo(`HTTP/1.1 ${status} Go\r\nLocation: ${target.url}/\r\nContent-Length: 0\r\n\r\n`)
			assert.equal(out, `${status}\ntype=\nLocation: ${target.url}/\nContent-Length: 0\n\n`)
		}
		assert.equal(target.seen.length, 0)
		await target.stop()
	})

	test('chunks, a 100 in front, headers twice', async () => {
		const { out } = await answerTo('HTTP/1.1 100 Continue\r\nX-Before: 1\r\n\r\nHTTP/1.1 200 OK\r\nA: 1\r\nA: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n')
		assert.equal(out, '200\ntype=\nA: 1\nA: 2\nTransfer-Encoding: chunked\n\nabc')
	})

	test('what is compressed stays so', async () => {
		const { out } = await answerTo(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n${gzipSync('x'.repeat(1e6)).toString('latin1')}`)
		assert.ok(out.length < 3000)
	})

	test('a limit of the body: at it, and above it', async () => {
		for (const [n, fine] of [[99, true], [100, true], [101, false]]) {
			for (const head of ['', `Content-Length: ${n}\r\n`]) {
				const { out } = await answerTo(`HTTP/1.1 200 OK\r\n${head}\r\n${'x'.repeat(n)}`, ['max=100'])
				assert.equal(out.startsWith('200\n'), fine, `${n} ${head}`)
				if (!fine) assert.match(out, /^ERROR LIMIT /)
			}
		}
		for (const [n, fine] of [[65536, true], [65537, false]])
			assert.equal((await answerTo(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(n)}`)).out.startsWith('200\n'), fine, `${n}`)
	})

	test('a body without end', async () => {
		const server = await serve(socket => {
			socket.write('HTTP/1.1 200 OK\r\n\r\n')
			const more = () => { while (!socket.destroyed && socket.write('x'.repeat(10000))); socket.once('drain', more) }
			more()
		})
		assert.match(await run(server.url), /^ERROR LIMIT /)
		await server.stop()
	})

	test('a limit of the head', async () => {
		const line = `X: ${'y'.repeat(1000)}\r\n`
		assert.ok((await answerTo(`HTTP/1.1 200 OK\r\n${line.repeat(15)}\r\n`)).out.startsWith('200\n'))
		assert.match((await answerTo(`HTTP/1.1 200 OK\r\n${line.repeat(17)}\r\n`)).out, /^ERROR LIMIT /)
		assert.match((await answerTo('HTTP/1.1 100 Continue\r\n\r\n'.repeat(1000))).out, /^ERROR (LIMIT|UNAVAILABLE) /)
	})

	for (const [name, said] of [
		['nothing', ''],
		['no HTTP', 'SSH-2.0-x\r\n'],
		['a page without a head', '<html>'],
		['a body that is cut off', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'],
		['chunks that are cut off', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab'],
		['chunks that are none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab'],
	])
		test(`no answer: ${name}`, async () => {
			assert.match((await answerTo(said)).out, /^ERROR UNAVAILABLE /)
		})

	test('the words name the host and not the path', async () => {
		const { out } = await answerTo('', [], '/secret?token=secret')
		assert.match(out, /^ERROR UNAVAILABLE fetch from localhost:\d+: /)
		assert.doesNotMatch(out, /secret/)
	})
})

describe('times', () => {
	test('silent, slow and dripping servers end with the time', async () => {
		const quiet = await serve(() => {})
		const drip = await serve(socket => {
			socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n')
			socket.timer = setInterval(() => socket.write('x'), 50)
			socket.on('close', () => clearInterval(socket.timer))
		})
		for (const server of [quiet, drip]) {
			const began = performance.now()
			assert.match(await run(server.url, ['total=400']), /^ERROR UNAVAILABLE /)
			assert.ok(performance.now() - began >= 390)
			await server.stop()
		}
	})

	test('a server that takes the connection and says nothing of TLS', async () => {
		const server = await serve(null, { before: () => {} })
		assert.match(await run(`https://localhost:${server.port}/`, ['connect=300']), /^ERROR UNAVAILABLE /)
		await server.stop()
	})

	test('nobody there', async () => {
		const server = await serve(() => {})
		await server.stop()
		assert.match(await run(server.url), /^ERROR UNAVAILABLE /)
		assert.match(await run('http://nobody.invalid/'), /^ERROR UNAVAILABLE /)
	})
})

describe('the environment', () => {
	test('names no proxy, and no password', async () => {
		const proxy = await serve(socket => socket.end('HTTP/1.1 200 OK\r\n\r\nproxy'))
		const server = await serve(socket => socket.end('HTTP/1.1 200 OK\r\n\r\nserver'))
		const env = { http_proxy: proxy.url, https_proxy: proxy.url, HTTPS_PROXY: proxy.url, all_proxy: proxy.url, ALL_PROXY: proxy.url, no_proxy: '' }
		assert.ok((await run(server.url, [], env)).endsWith('\n\nserver'))
		assert.equal(proxy.seen.length, 0)
		await proxy.stop()
		await server.stop()
	})
})

describe('TLS', () => {
	let certificates
	before(() => { certificates = makeCertificates() })
	after(() => certificates.remove())

	async function over(secure, options = []) {
		const server = await serve(socket => socket.end('HTTP/1.1 200 OK\r\n\r\nsecure'), { secure })
		try {
			return await run(server.url, options)
		} finally {
			await server.stop()
		}
	}

	test('a certificate of the named authority', async () => {
		assert.ok((await over(certificates.good, [`ca=${certificates.caFile}`])).endsWith('secure'))
	})
	test('an authority that the system does not know', async () => {
		assert.match(await over(certificates.good), /^ERROR UNAVAILABLE /)
	})
	test('the name of another host', async () => {
		assert.match(await over(certificates.otherName, [`ca=${certificates.caFile}`]), /^ERROR UNAVAILABLE /)
	})
	test('expired', async () => {
		assert.match(await over(certificates.expired, [`ca=${certificates.caFile}`]), /^ERROR UNAVAILABLE /)
	})
	test('self-signed', async () => {
		assert.match(await over(certificates.selfSigned, [`ca=${certificates.caFile}`]), /^ERROR UNAVAILABLE /)
	})
	test('TLS 1.1', async () => {
		const old = { ...certificates.good, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }
		assert.match(await over(old, [`ca=${certificates.caFile}`]), /^ERROR UNAVAILABLE /)
	})
	test('no file of authorities', async () => {
		assert.match(await over(certificates.good, ['ca=/nowhere.pem']), /^ERROR UNAVAILABLE /)
	})
})
