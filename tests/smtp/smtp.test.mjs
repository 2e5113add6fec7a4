// src/net/smtp.c against relays that behave and relays that do not. SMTP_TRY is the program smtp_try.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { SMTPServer } from 'smtp-server'
import { makeCertificates } from './certificates.mjs'
import { startRelay } from './relay.mjs'

const program = process.env.SMTP_TRY
assert.ok(program, 'SMTP_TRY names the program')

async function send(url, ...options) {
	const to = options[0]?.includes('@') ? options.shift() : 'a@b.example'
	const { stdout } = await promisify(execFile)(program, [url, to, ...options])
	return stdout.trim().split('\n')
}

async function sendTo(rules, ...options) {
	const relay = await startRelay(rules)
	const answers = await send(relay.url, 'tls=none', ...options)
	await relay.stop()
	return { answers, relay }
}

describe('a reply decides', () => {
	// [step, reply, answer]
	const table = [
		['CONNECT', '421 4.3.2 later', 'TRY_LATER unsure=0 code=421 reason=CONNECT 421 4.3.2'],
		['MAIL', '450 4.7.1 later', 'TRY_LATER unsure=0 code=450 reason=MAIL 450 4.7.1'],
		['RCPT', '451 4.7.1 greylisted', 'TRY_LATER unsure=0 code=451 reason=RCPT 451 4.7.1'],
		['DATA', '452 4.3.1 full', 'TRY_LATER unsure=0 code=452 reason=DATA 452 4.3.1'],
		['DOT', '451 4.3.0 later', 'TRY_LATER unsure=0 code=451 reason=DOT 451 4.3.0'],
		['DOT', '421 4.3.0 going down', 'TRY_LATER unsure=0 code=421 reason=DOT 421 4.3.0'],
		// Before MAIL the relay speaks of itself, not of the message: no mail is lost for that.
		['CONNECT', '554 5.3.2 not here', 'TRY_LATER unsure=0 code=554 reason=CONNECT 554 5.3.2'],
		['MAIL', '530 5.7.0 authentication required', 'TRY_LATER unsure=0 code=530 reason=MAIL 530 5.7.0'],
		['MAIL', '550 5.7.1 no', 'REFUSED unsure=0 code=550 reason=MAIL 550 5.7.1'],
		['RCPT', '550 5.1.1 nobody', 'REFUSED unsure=0 code=550 reason=RCPT 550 5.1.1'],
		['RCPT', '550-5.1.1 nobody\r\n550 5.1.1 here', 'REFUSED unsure=0 code=550 reason=RCPT 550 5.1.1'],
		['RCPT', '553 a@b.example is nobody', 'REFUSED unsure=0 code=553 reason=RCPT 553'],
		['DATA', '554 5.7.1 no', 'REFUSED unsure=0 code=554 reason=DATA 554 5.7.1'],
		['DOT', '554 5.6.0 no', 'REFUSED unsure=0 code=554 reason=DOT 554 5.6.0'],
		['DOT', '250 2.0.0 queued as 123', 'SENT unsure=0 code=250 reason='],
		['DOT', '251 will do', 'SENT unsure=0 code=251 reason='],
		['QUIT', '500 what?', 'SENT unsure=0 code=250 reason='],
	]
	for (const [step, reply, answer] of table)
		test(`${step}: ${reply.replace('\r\n', ' / ')}`, async () => {
			const { answers } = await sendTo({ [step]: reply })
			assert.deepEqual(answers, [answer])
		})

	test('EHLO refused: HELO is tried', async () => {
		const { answers, relay } = await sendTo({ EHLO: '500 what?' })
		assert.deepEqual(answers, ['SENT unsure=0 code=250 reason='])
		assert.ok(relay.commands.some(line => line.startsWith('HELO')))
	})

	test('EHLO and HELO refused for now', async () => {
		const { answers } = await sendTo({ EHLO: '421 later', HELO: '421 4.3.2 later' })
		assert.deepEqual(answers, ['TRY_LATER unsure=0 code=421 reason=HELLO 421 4.3.2'])
	})

	test('EHLO and HELO refused', async () => {
		const { answers } = await sendTo({ EHLO: '550 no', HELO: '550 5.7.1 no' })
		assert.deepEqual(answers, ['TRY_LATER unsure=0 code=550 reason=HELLO 550 5.7.1'])
	})

	test('nonsense instead of SMTP', async () => {
		const { answers } = await sendTo({ CONNECT: 'HTTP/1.1 400 Bad Request' }, 'step=1500')
		assert.match(answers[0], /^TRY_LATER unsure=0 code=0 reason=CONNECT /)
	})
})

describe('a broken connection', () => {
	for (const step of ['CONNECT', 'EHLO', 'MAIL', 'RCPT', 'DATA'])
		test(`at ${step}: later, and surely not sent`, async () => {
			const { answers, relay } = await sendTo({ [step]: 'drop' })
			assert.match(answers[0], /^TRY_LATER unsure=0 code=0 reason=(CONNECT|HELLO|MAIL|RCPT|DATA) broken off$/)
			assert.equal(relay.messages.length, 0)
		})

	// A mail is so short that it has left us, dot and all, before the relay breaks off: from here that looks the same.
	test('within the message: later, and unsure', async () => {
		const { answers, relay } = await sendTo({ BODY: 'drop' })
		assert.deepEqual(answers, ['TRY_LATER unsure=1 code=0 reason=DOT broken off'])
		assert.equal(relay.messages.length, 0)
	})

	test('after the final dot: later, and unsure', async () => {
		const { answers, relay } = await sendTo({ DOT: 'drop' })
		assert.deepEqual(answers, ['TRY_LATER unsure=1 code=0 reason=DOT broken off'])
		assert.equal(relay.messages.length, 1)
	})

	test('at QUIT: sent', async () => {
		const { answers } = await sendTo({ QUIT: 'drop' })
		assert.deepEqual(answers, ['SENT unsure=0 code=250 reason='])
	})

	test('nobody listens', async () => {
		const relay = await startRelay()
		await relay.stop()
		assert.deepEqual(await send(relay.url, 'tls=none'), ['TRY_LATER unsure=0 code=0 reason=CONNECT no connection'])
	})

	test('no such host', async () => {
		assert.deepEqual(await send('smtp://relay.invalid:25', 'tls=none'), ['TRY_LATER unsure=0 code=0 reason=CONNECT no such host'])
	})
})

describe('a slow relay', () => {
	for (const step of ['CONNECT', 'EHLO', 'MAIL', 'RCPT', 'DATA'])
		test(`silence at ${step}: its own limit ends it`, async () => {
			const { answers, relay } = await sendTo({ [step]: 'silence' }, 'step=1200')
			assert.match(answers[0], /^TRY_LATER unsure=0 code=0 reason=(CONNECT|HELLO|MAIL|RCPT|DATA) timeout$/)
			assert.equal(relay.messages.length, 0)
		})

	test('silence after the final dot: unsure', async () => {
		const { answers } = await sendTo({ DOT: 'silence' }, 'step=1200')
		assert.deepEqual(answers, ['TRY_LATER unsure=1 code=0 reason=DOT timeout'])
	})

	test('slow within the limit of each step is good enough', async () => {
		const slow = { after: 700 }
		const { answers } = await sendTo({ EHLO: slow, MAIL: slow, RCPT: slow, DATA: slow, DOT: slow }, 'step=2500')
		assert.deepEqual(answers, ['SENT unsure=0 code=250 reason='])
	})

	test('who is told to stop, stops before the final dot', async () => {
		const { answers, relay } = await sendTo({ RCPT: 'silence' }, 'stop=300')
		assert.deepEqual(answers, ['TRY_LATER unsure=0 code=0 reason=RCPT stopped'])
		assert.equal(relay.messages.length, 0)
	})

	test('and waits after it', async () => {
		const { answers } = await sendTo({ DOT: { after: 2500 } }, 'stop=1500')
		assert.deepEqual(answers, ['SENT unsure=0 code=250 reason='])
	})
})

describe('connections', () => {
	test('are kept between mails and ended by QUIT', async () => {
		const { answers, relay } = await sendTo({}, 'count=5')
		assert.deepEqual(new Set(answers), new Set(['SENT unsure=0 code=250 reason=']))
		assert.equal(relay.connections, 1)
		assert.equal(relay.messages.length, 5)
		assert.equal(relay.quits, 1)
	})

	test('that died meanwhile are replaced without a verdict', async () => {
		let dots = 0
		const close = (relay, line, session) => { dots++; return undefined }
		const relay = await startRelay({ DOT: close, MAIL: relay => (relay.connections === 1 && dots === 1 ? 'drop' : undefined) })
		const answers = await send(relay.url, 'tls=none', 'count=3')
		await relay.stop()
		assert.deepEqual(new Set(answers), new Set(['SENT unsure=0 code=250 reason=']))
		assert.equal(relay.messages.length, 3)
		assert.equal(relay.connections, 2)
	})

	test('that the relay said good-bye on (421) are replaced too', async () => {
		const relay = await startRelay({ MAIL: relay => (relay.connections === 1 && relay.messages.length ? '421 4.4.2 idle too long' : undefined) })
		const answers = await send(relay.url, 'tls=none', 'count=2')
		await relay.stop()
		assert.deepEqual(answers, ['SENT unsure=0 code=250 reason=', 'SENT unsure=0 code=250 reason='])
		assert.equal(relay.connections, 2)
	})

	test('a refused mail does not spoil the next one', async () => {
		let n = 0
		const { answers, relay } = await sendTo({ RCPT: () => (n++ === 0 ? '550 5.1.1 nobody' : undefined) }, 'count=2')
		assert.deepEqual(answers, ['REFUSED unsure=0 code=550 reason=RCPT 550 5.1.1', 'SENT unsure=0 code=250 reason='])
		assert.equal(relay.messages.length, 1)
	})
})

describe('what goes over the wire', () => {
	test('one recipient, CRLF only, ASCII only, the text whole', async () => {
		const { relay } = await sendTo({}, 'text=.\n..\nRSET\r\n.\r\nMAIL FROM:<x@y.example>\r.\r\nFrom here\n')
		assert.deepEqual(relay.faults, [])
		assert.equal(relay.messages.length, 1)
		assert.deepEqual(relay.messages[0].to, ['a@b.example'])
		assert.equal(relay.messages[0].from, 'no-reply@counter.example')
		assert.deepEqual(relay.commands.map(line => line.slice(0, 4)), ['EHLO', 'MAIL', 'RCPT', 'DATA', 'QUIT'])
	})

	test('an address of an old carrier is quoted', async () => {
		const { relay } = await sendTo({}, 'text=x')
		assert.equal(relay.messages.length, 1)
		const other = await startRelay()
		await send(other.url, 'a..b.@example.ne.jp', 'tls=none')
		await other.stop()
		assert.deepEqual(other.messages[0].to, ['"a..b."@example.ne.jp'])
	})

	for (const to of ['a@b.example> SIZE=1', 'a@b.example\r\nRSET', 'a@b.example,c@d.example', '<a@b.example>'])
		test(`no address: ${JSON.stringify(to)}`, async () => {
			const relay = await startRelay()
			assert.deepEqual(await send(relay.url, to, 'tls=none'), ['REFUSED unsure=0 code=0 reason=address not valid'])
			await relay.stop()
			assert.equal(relay.connections, 0)
		})

	test('EHLO says who we are', async () => {
		const { relay } = await sendTo({}, 'hello=counter.example')
		assert.equal(relay.commands[0], 'EHLO counter.example')
	})
})

describe('TLS', () => {
	let certificates
	before(() => { certificates = makeCertificates() })
	after(() => certificates.remove())

	async function startServer(options) {
		const got = { messages: [], sessions: [] }
		const server = new SMTPServer({
			authOptional: true,
			disableReverseLookup: true,
			logger: false,
			onData(stream, session, done) {
				let text = ''
				stream.on('data', chunk => { text += chunk })
				stream.on('end', () => {
					got.messages.push({ text, secure: session.secure, user: session.user, to: session.envelope.rcptTo.map(r => r.address) })
					done()
				})
			},
			...options,
		})
		server.on('error', () => {})
		await new Promise(done => server.listen(0, '127.0.0.1', done))
		got.port = server.server.address().port
		got.stop = () => new Promise(done => server.close(done))
		return got
	}

	const ca = () => `ca=${certificates.caFile}`

	test('STARTTLS with a certificate that we know', async () => {
		const server = await startServer({ ...certificates.good })
		assert.deepEqual(await send(`smtp://localhost:${server.port}`, ca()), ['SENT unsure=0 code=250 reason='])
		await server.stop()
		assert.equal(server.messages[0].secure, true)
	})

	test('TLS from the start', async () => {
		const server = await startServer({ ...certificates.good, secure: true })
		assert.deepEqual(await send(`smtps://localhost:${server.port}`, ca(), 'count=2'),
			['SENT unsure=0 code=250 reason=', 'SENT unsure=0 code=250 reason='])
		await server.stop()
		assert.equal(server.messages.length, 2)
	})

	test('a relay without STARTTLS gets nothing', async () => {
		const relay = await startRelay()
		assert.deepEqual(await send(relay.url), ['TRY_LATER unsure=0 code=0 reason=HELLO no STARTTLS'])
		await relay.stop()
		assert.ok(!relay.commands.some(line => line.startsWith('MAIL')))
	})

	for (const [name, which] of [['another name', 'otherName'], ['an expired one', 'expired'], ['a self-signed one', 'selfSigned']])
		test(`a certificate that does not count: ${name}`, async () => {
			const server = await startServer({ ...certificates[which] })
			const answers = await send(`smtp://localhost:${server.port}`, ca())
			await server.stop()
			assert.match(answers[0], /^TRY_LATER unsure=0 code=0 reason=HELLO certificate not valid$/)
			assert.equal(server.messages.length, 0)
		})

	test('the same with TLS from the start', async () => {
		const server = await startServer({ ...certificates.selfSigned, secure: true })
		const answers = await send(`smtps://localhost:${server.port}`, ca())
		await server.stop()
		assert.match(answers[0], /^TRY_LATER unsure=0 code=0 reason=CONNECT certificate not valid$/)
	})

	test('a relay that speaks no TLS on the TLS port', async () => {
		const relay = await startRelay()
		const answers = await send(`smtps://localhost:${relay.port}`, ca(), 'step=2000')
		await relay.stop()
		assert.match(answers[0], /^TRY_LATER unsure=0 code=0 reason=CONNECT (no TLS|timeout|broken off|failed)$/)
	})

	test('a good password', async () => {
		const server = await startServer({
			...certificates.good, authOptional: false,
			onAuth: (auth, session, done) => (auth.username === 'us' && auth.password === 'p w=%' ? done(null, { user: 'us' }) : done(new Error('no'))),
		})
		assert.deepEqual(await send(`smtp://localhost:${server.port}`, ca(), 'user=us', 'password=p w=%'), ['SENT unsure=0 code=250 reason='])
		assert.equal(server.messages[0].user, 'us')
		assert.match((await send(`smtp://localhost:${server.port}`, ca(), 'user=us', 'password=wrong'))[0],
			/^TRY_LATER unsure=0 code=535 reason=HELLO 535/)
		assert.match((await send(`smtp://localhost:${server.port}`, ca()))[0], /^TRY_LATER unsure=0 code=530 reason=MAIL 530/)
		await server.stop()
		assert.equal(server.messages.length, 1)
	})

	test('a password is never sent in the clear', async () => {
		const relay = await startRelay({ EHLO: '250-relay.test\r\n250 AUTH PLAIN LOGIN' })
		await assert.rejects(send(relay.url, 'tls=none', 'user=us', 'password=pw'))
		assert.match((await send(relay.url, 'user=us', 'password=pw'))[0], /^TRY_LATER .*no STARTTLS$/)
		await relay.stop()
		assert.ok(!relay.commands.some(line => line.startsWith('AUTH')))
	})
})
