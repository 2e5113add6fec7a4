// The outbox and its workers (src/jobs) with a real relay at the other end: nothing lost, nothing twice. OUTBOX_WORK is the program outbox_work.
// Runs on SQLite, and on PostgreSQL too when STORE_TEST_PG_URL is set (tests/store/with_pg.sh sets it).

import assert from 'node:assert/strict'
import { execFile, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { startRelay } from './relay.mjs'

const program = process.env.OUTBOX_WORK
assert.ok(program, 'OUTBOX_WORK names the program')
const run = promisify(execFile)

// With sanitizers the program takes several times as long, and a lease must not end because of that.
const slowness = Number(process.env.SLOWNESS ?? 1)
const LEASE = 2000 * slowness

// The fast times of these tests: half a second instead of minutes.
const quick = ['mail=300', 'pause=300', `lease=${LEASE}`]

async function command(url, ...words) {
	const { stdout } = await run(program, [url, ...words])
	return stdout.trim().split('\n').filter(Boolean)
}

function startWorker(url, ...options) {
	const child = spawn(program, [url, 'work', ...options], { stdio: ['pipe', 'pipe', 'pipe'] })
	const worker = { child, output: '', log: [] }
	child.stdin.on('error', () => {})
	child.stdout.on('data', chunk => { worker.output += chunk })
	let rest = ''
	child.stderr.on('data', chunk => {
		const lines = (rest + chunk).split('\n')
		rest = lines.pop()
		for (const line of lines) worker.log.push(line.startsWith('{') ? JSON.parse(line) : { raw: line })
	})
	worker.ended = new Promise(done => child.on('exit', (code, signal) => done({ code, signal })))
	worker.ready = until(() => worker.output.includes('ready') || child.exitCode !== null)
	worker.wake = () => child.stdin.write('x')
	worker.stop = async () => {
		child.stdin.end()
		const how = await worker.ended
		assert.deepEqual(how, { code: 0, signal: null }, JSON.stringify(worker.log.slice(-3)))
		return Object.fromEntries(worker.output.trim().split('\n').at(-1).split(' ').map(pair => {
			const [name, value] = pair.split('=')
			return [name, Number(value)]
		}))
	}
	worker.kill = async () => {
		child.kill('SIGKILL')
		await worker.ended
	}
	return worker
}

async function until(condition, limit = 30000) {
	const end = Date.now() + limit * slowness
	while (!(await condition())) {
		if (Date.now() > end) throw new Error(`not within ${limit} ms: ${condition}`)
		await new Promise(done => setTimeout(done, 20))
	}
}

const idOf = message => message.text.match(/^Message-ID: <(.*)>\r$/m)[1]

function userIdOf(message) {
	const [head, body] = message.text.split(/\r\n\r\n(.*)/s)
	const text = /base64/.test(head) ? Buffer.from(body, 'base64').toString() : body.replace(/=\r\n/g, '')
	return text.match(/^N\d+\r?$/m)?.[0].trim()
}

const taken = relay => relay.messages.filter(m => m.reply?.startsWith('250'))

function assertEachOnce(relay, count) {
	const ids = taken(relay).map(idOf)
	assert.equal(new Set(ids).size, count, 'every mail arrived')
	assert.equal(ids.length, count, 'none twice')
	assert.deepEqual(relay.faults, [])
}

const engines = { SQLite: null }
if (process.env.STORE_TEST_PG_URL) engines.PostgreSQL = process.env.STORE_TEST_PG_URL

let databases = 0
function newDatabase(engine, folder) {
	databases++
	if (engine === 'SQLite') return `sqlite:${folder}/outbox${databases}.db`
	const name = `outbox_${process.pid}_${databases}`
	execFileSync('psql', ['-q', '-d', engines.PostgreSQL, '-c', `CREATE DATABASE ${name}`])
	return engines.PostgreSQL.replace('/postgres?', `/${name}?`)
}

// The engines side by side, because these tests mostly wait; the tests of one engine one after the other.
describe('the outbox', { concurrency: 2 }, () => {
	for (const engine of Object.keys(engines)) describe(`on ${engine}`, { concurrency: 1 }, () => tests(engine))
})

function tests(engine) {
	let folder
	let url
	before(() => { folder = mkdtempSync(path.join(tmpdir(), 'madoguchi-outbox-')) })
	after(() => rmSync(folder, { recursive: true, force: true }))

	async function withMails(count, recipient = 'person%@mail.example', ...more) {
		url = newDatabase(engine, folder)
		await command(url, 'migrate')
		await command(url, 'add', String(count), recipient, ...more)
	}

	test('without a relay: files, each whole and once', async () => {
		await withMails(5)
		const mail = path.join(folder, 'mail')
		const worker = startWorker(url, `folder=${mail}`, 'threads=3', ...quick)
		await until(() => readdirIfThere(mail).filter(name => name.endsWith('.eml')).length === 5)
		await until(async () => (await command(url, 'list')).length === 0)
		const stats = await worker.stop()
		assert.equal(stats.sent, 5)
		assert.equal(readdirSync(mail).length, 5)
		for (const name of readdirSync(mail)) assert.match(readFileSync(path.join(mail, name), 'utf8'), /^Auto-Submitted: auto-generated\r$/m)
	})

	test('a good relay: once each, in the order of each person', async () => {
		await withMails(20, 'one@mail.example')
		await command(url, 'add', '20', 'person%@mail.example')
		const relay = await startRelay()
		const worker = startWorker(url, `relay=${relay.url}`, 'threads=4', ...quick)
		await until(() => relay.messages.length === 40)
		await until(async () => (await command(url, 'list')).length === 0)
		const stats = await worker.stop()
		await relay.stop()
		assertEachOnce(relay, 40)
		assert.equal(stats.sent, 40)
		const order = relay.messages.filter(m => m.to[0] === 'one@mail.example').map(userIdOf)
		assert.deepEqual(order, [...Array(20).keys()].map(i => `N${i}`))
	})

	test('a mail that comes later is seen at once', async () => {
		await withMails(0)
		const relay = await startRelay()
		const worker = startWorker(url, `relay=${relay.url}`, ...quick)
		await worker.ready
		await command(url, 'add', '1', 'a@mail.example')
		worker.wake()
		await until(() => relay.messages.length === 1)
		await worker.stop()
		await relay.stop()
		assertEachOnce(relay, 1)
	})

	for (const [step, reply] of [['CONNECT', '421 4.3.2 later'], ['MAIL', '450 4.7.1 later'], ['RCPT', '451 4.7.1 greylisted'],
		['DATA', '452 4.3.1 full'], ['DOT', '451 4.3.0 later'], ['CONNECT', 'drop'], ['EHLO', 'drop'], ['MAIL', 'drop'], ['RCPT', 'drop'],
		['DATA', 'drop'], ['CONNECT', '554 5.3.2 no service'], ['MAIL', '530 5.7.0 log in first']])
		test(`${step} ${reply} twice, then good: once`, async () => {
			await withMails(3, 'one@mail.example')
			let bad = 2
			const relay = await startRelay({ [step]: () => (bad-- > 0 ? reply : undefined) })
			const worker = startWorker(url, `relay=${relay.url}`, 'threads=2', ...quick)
			await until(() => taken(relay).length === 3)
			const stats = await worker.stop()
			await relay.stop()
			assertEachOnce(relay, 3)
			assert.equal(stats.failed, 0)
			assert.deepEqual(taken(relay).map(userIdOf), ['N0', 'N1', 'N2'], 'order kept')
		})

	for (const [step, reply] of [['MAIL', '550 5.7.1 no'], ['RCPT', '550 5.1.1 nobody'], ['DATA', '554 5.7.1 no'], ['DOT', '554 5.6.0 no']])
		test(`${step} ${reply}: failed, told, not tried again; the others go`, async () => {
			await withMails(3)
			let bad = 1
			const relay = await startRelay({ [step]: () => (bad-- > 0 ? reply : undefined) })
			const worker = startWorker(url, `relay=${relay.url}`, 'threads=1', ...quick)
			await until(() => taken(relay).length === 2)
			await until(async () => (await command(url, 'list')).length === 1)
			const stats = await worker.stop()
			await relay.stop()
			assertEachOnce(relay, 2)
			assert.equal(stats.failed, 1)
			assert.deepEqual(await command(url, 'list'), [`failed 1 ${step} ${reply.slice(0, 9)}`])
			const told = worker.log.filter(event => event.event === 'mail_failed')
			assert.equal(told.length, 1)
			assert.equal(told[0].level, 'error')
			assert.ok(!JSON.stringify(worker.log).includes('mail.example'), 'no address in the log')
		})

	test('broken off after the final dot: a second copy with the same Message-ID', async () => {
		await withMails(1)
		let bad = 1
		const relay = await startRelay({ DOT: () => (bad-- > 0 ? 'drop' : undefined) })
		const worker = startWorker(url, `relay=${relay.url}`, ...quick)
		await until(() => taken(relay).length === 1)
		await worker.stop()
		await relay.stop()
		assert.equal(relay.messages.length, 2)
		assert.equal(idOf(relay.messages[0]), idOf(relay.messages[1]))
		assert.equal(relay.messages[0].text, relay.messages[1].text)
	})

	test('broken off there again and again: never a third copy', async () => {
		await withMails(1)
		const relay = await startRelay({ DOT: 'drop' })
		const worker = startWorker(url, `relay=${relay.url}`, ...quick)
		await until(async () => (await command(url, 'list'))[0]?.startsWith('failed '))
		await new Promise(done => setTimeout(done, 1500))
		await worker.stop()
		await relay.stop()
		assert.equal(relay.messages.length, 2)
		assert.deepEqual(await command(url, 'list'), ['failed 2 unsure: DOT broken off twice'])
	})

	test('the relay is away, then there: once, and it was not stormed', async () => {
		await withMails(30)
		const relay = await startRelay()
		const port = relay.port
		await relay.stop()
		const worker = startWorker(url, `relay=${relay.url}`, 'threads=4', ...quick)
		await until(() => worker.log.filter(event => event.event === 'mail_later').length >= 4)
		const again = await startRelay({}, { port })
		await until(() => again.messages.length === 30)
		await worker.stop()
		await again.stop()
		assertEachOnce(again, 30)
		assert.ok(worker.log.filter(event => event.event === 'mail_later').length < 25, 'the relay was asked seldom while it was away')
	})

	test('a slow mail does not hold up the others', async () => {
		await withMails(6)
		let first = true
		const slow = () => {
			const answer = first ? { after: 2 * LEASE } : undefined
			first = false
			return answer
		}
		const relay = await startRelay({ DOT: slow })
		const worker = startWorker(url, `relay=${relay.url}`, 'threads=2', ...quick)
		await until(() => taken(relay).length === 5)
		assert.equal(taken(relay).length, 5, 'five while one waits')
		await until(() => taken(relay).length === 6)
		await worker.stop()
		await relay.stop()
		// The slow one took twice its lease; it was renewed.
		assertEachOnce(relay, 6)
	})

	test('a worker is killed before the final dot: the other one sends it, once', async () => {
		await withMails(4, 'one@mail.example')
		let hold = true
		const relay = await startRelay({ DATA: () => (hold ? 'silence' : undefined) })
		const first = startWorker(url, `relay=${relay.url}`, 'threads=1', ...quick)
		await until(() => relay.commands.includes('DATA'))
		const second = startWorker(url, `relay=${relay.url}`, 'threads=2', ...quick)
		await second.ready
		hold = false
		await first.kill()
		await until(() => taken(relay).length === 4)
		await second.stop()
		await relay.stop()
		assertEachOnce(relay, 4)
		assert.deepEqual(taken(relay).map(userIdOf), ['N0', 'N1', 'N2', 'N3'])
	})

	test('a stopped worker gives back what it holds; the next one sends it at once', async () => {
		await withMails(2)
		let hold = true
		const relay = await startRelay({ RCPT: () => (hold ? 'silence' : undefined) })
		const first = startWorker(url, `relay=${relay.url}`, 'threads=1', 'mail=60000', 'lease=60000')
		await until(() => relay.commands.some(line => line.startsWith('RCPT')))
		const stats = await first.stop()
		assert.equal(stats.sent, 0)
		hold = false
		const second = startWorker(url, `relay=${relay.url}`, 'threads=1')
		await until(() => taken(relay).length === 2)
		await second.stop()
		await relay.stop()
		assertEachOnce(relay, 2)
	})

	test('workers that are killed again and again lose and double nothing that the relay did not', async () => {
		await withMails(60)
		const relay = await startRelay({ MAIL: { after: 15 }, DOT: { after: 5 } })
		const options = [`relay=${relay.url}`, 'threads=2', 'mail=300', 'pause=300', `lease=${600 * slowness}`]
		let kills = 0
		while (taken(relay).length < 60 && kills < 40) {
			const worker = startWorker(url, ...options)
			await worker.ready
			await new Promise(done => setTimeout(done, 60 + (kills * 37) % 160))
			await worker.kill()
			kills++
		}
		const last = startWorker(url, ...options)
		await until(async () => (await command(url, 'list')).length === 0, 60000)
		await last.stop()
		await relay.stop()
		assert.ok(kills > 3)
		const copies = {}
		for (const message of relay.messages) (copies[idOf(message)] ??= []).push(message)
		assert.equal(Object.keys(copies).length, 60, 'none lost')
		// Who dies between the relay's answer and the note of it sends again: the same message, and seldom.
		const twice = Object.values(copies).filter(list => list.length > 1)
		assert.ok(twice.length <= kills * 2, `${twice.length} of 60 more than once`)
		for (const list of twice) assert.equal(new Set(list.map(m => m.text)).size, 1)
	})

	test('many processes, one queue: once each', async () => {
		await withMails(200)
		const relay = await startRelay()
		const workers = Array.from({ length: 4 }, () => startWorker(url, `relay=${relay.url}`, 'threads=2', ...quick))
		await until(() => relay.messages.length >= 200)
		await new Promise(done => setTimeout(done, 500))
		for (const worker of workers) await worker.stop()
		await relay.stop()
		assertEachOnce(relay, 200)
		assert.deepEqual(await command(url, 'list'), [])
	})

	test('rows that nobody can open are kept, told in one line, and hold up nothing', async () => {
		await withMails(20, 'one@mail.example', 'sealed')
		await command(url, 'add', '1', 'one@mail.example')
		const relay = await startRelay()
		const worker = startWorker(url, `relay=${relay.url}`, 'threads=3', ...quick)
		await until(() => relay.messages.length === 1)
		const stats = await worker.stop()
		await relay.stop()
		// Twice, when the schedule's first round came behind them.
		const kept = (await command(url, 'list')).filter(line => /^waits [12] does not open with this key$/.test(line))
		assert.equal(kept.length, 20)
		const told = worker.log.filter(event => event.event === 'mail_aside')
		assert.equal(told.length, 1)
		assert.equal(told[0].level, 'error')
		assert.equal(stats.failed, 0)
	})

	test('a link that has expired is not sent, and the operator is told', async () => {
		await withMails(2, 'late%@mail.example', 'late')
		await command(url, 'add', '1', 'late0@mail.example')
		const relay = await startRelay()
		const worker = startWorker(url, `relay=${relay.url}`, ...quick)
		await until(async () => (await command(url, 'list')).length === 2 && relay.messages.length === 1)
		const stats = await worker.stop()
		await relay.stop()
		assert.equal(userIdOf(relay.messages[0]), 'N0', 'no letter but the one without a link')
		assert.deepEqual(await command(url, 'list'), Array(2).fill('failed 1 expired before sending'))
		assert.equal(stats.failed, 2)
		assert.equal(worker.log.filter(event => event.event === 'mail_failed' && event.level === 'error').length, 2)
	})

	test('what waits behind a mail of the same person costs nothing', async () => {
		await withMails(2, 'one@mail.example')
		const relay = await startRelay({ RCPT: '450 4.7.1 later' })
		const worker = startWorker(url, `relay=${relay.url}`, 'threads=4', 'mail=60000', 'pause=300')
		await until(() => worker.log.some(event => event.event === 'mail_later'))
		await new Promise(done => setTimeout(done, 2500))
		await worker.stop()
		await relay.stop()
		assert.deepEqual((await command(url, 'list')).map(line => line.slice(0, 7)), ['waits 1', 'waits 0'])
		assert.ok(Number(/writes=(\d+)/.exec(worker.output)[1]) < 40, worker.output)
	})

	test('the schedule runs, once for all processes', async () => {
		const scheduled = readFileSync(new URL('../../src/jobs/schedule.c', import.meta.url), 'utf8').match(/^\t\{STR_INIT\(/gm).length
		await withMails(0)
		const relay = await startRelay()
		const workers = Array.from({ length: 3 }, () => startWorker(url, `relay=${relay.url}`, ...quick))
		for (const worker of workers) await worker.ready
		await new Promise(done => setTimeout(done, 2500))
		let done = 0
		for (const worker of workers) {
			const stats = await worker.stop()
			done += stats.done
			assert.equal(stats.broken, 0)
		}
		await relay.stop()
		assert.equal(done, scheduled, 'each row of the schedule, once')
	})
}

function readdirIfThere(folder) {
	try {
		return readdirSync(folder)
	} catch {
		return []
	}
}
