// A relay that misbehaves as told. The well-behaved peer of these tests is npm's smtp-server; this one exists for what that cannot do:
// any reply, silence or broken connection at any step, and a look at the bytes as they came.
//
//   const relay = await startRelay({ RCPT: '550 5.1.1 nobody', DOT: 'drop' })
//
// A rule is a reply line, 'drop' (close without a reply), 'silence', or a function (relay, line, session) that returns one of these; a
// reply may be `{ after: ms, reply: rule }`. Rules: CONNECT EHLO HELO MAIL RCPT DATA BODY DOT QUIT. BODY 'drop' closes
// at the first bytes of the message.

import net from 'node:net'

const good = {
	CONNECT: '220 relay.test ESMTP',
	EHLO: '250-relay.test\r\n250 ENHANCEDSTATUSCODES',
	HELO: '250 relay.test',
	MAIL: '250 2.1.0 good',
	RCPT: '250 2.1.5 good',
	DATA: '354 go on',
	BODY: 'go on',
	DOT: '250 2.0.0 taken',
	QUIT: '221 bye',
}

export async function startRelay(rules = {}, { port = 0 } = {}) {
	const relay = { rules, commands: [], connections: 0, messages: [], faults: [], quits: 0 }
	const sockets = new Set()
	const server = net.createServer(socket => {
		relay.connections++
		sockets.add(socket)
		socket.on('close', () => sockets.delete(socket))
		socket.on('error', () => {})
		serve(relay, socket)
	})
	await new Promise(done => server.listen(port, '127.0.0.1', done))
	relay.port = server.address().port
	relay.url = `smtp://127.0.0.1:${relay.port}`
	relay.stop = () => new Promise(done => {
		for (const socket of sockets) socket.destroy()
		server.close(done)
	})
	return relay
}

function serve(relay, socket) {
	const session = { from: null, to: [] }
	let input = Buffer.alloc(0)
	let inData = false
	let busy = false

	async function act(step, line) {
		let rule = relay.rules[step] ?? good[step]
		if (typeof rule === 'function') rule = rule(relay, line, session) ?? good[step]
		if (rule?.after !== undefined) {
			await new Promise(done => setTimeout(done, rule.after))
			rule = rule.reply ?? good[step]
		}
		if (rule === 'drop') {
			socket.destroy()
			return ''
		}
		if (rule === 'silence') return ''
		if (rule !== 'go on' && !socket.destroyed) socket.write(rule + '\r\n')
		return rule
	}

	function takeMessage(bytes) {
		if (/(^|[^\r])\n/.test(bytes.toString('latin1')) || /\r(?!\n)/.test(bytes.toString('latin1'))) relay.faults.push('bare CR or LF')
		if (bytes.some(b => b > 127)) relay.faults.push('not ASCII')
		const text = bytes.toString('latin1').replace(/^\./gm, '')
		relay.messages.push({ from: session.from, to: session.to, text })
		return text
	}

	async function command(line) {
		const verb = line.slice(0, 4).toUpperCase()
		relay.commands.push(line)
		if (!(verb in good)) return void socket.write('500 5.5.1 what?\r\n')
		if (verb === 'MAIL') Object.assign(session, { from: line.match(/<(.*)>/)?.[1], to: [] })
		if (verb === 'RCPT') session.to.push(line.match(/<(.*)>/)?.[1])
		const reply = await act(verb, line)
		if (verb === 'DATA' && reply.startsWith('354')) inData = true
		if (verb === 'QUIT') {
			relay.quits++
			socket.end()
		}
	}

	async function pump() {
		if (busy) return
		busy = true
		for (;;) {
			if (inData) {
				if (input.length && relay.rules.BODY && await act('BODY') === '') break
				const end = input.indexOf('\r\n.\r\n')
				if (end < 0) break
				const message = input.subarray(0, end + 2)
				input = input.subarray(end + 5)
				inData = false
				// "taken" is what the relay keeps; with a drop after the dot it may keep it or not.
				const reply = await act('DOT', takeMessage(message))
				const last = relay.messages.at(-1)
				last.reply = reply
			} else {
				const end = input.indexOf('\r\n')
				if (end < 0) break
				const line = input.subarray(0, end).toString('latin1')
				input = input.subarray(end + 2)
				await command(line)
			}
		}
		busy = false
	}

	socket.on('data', chunk => {
		input = Buffer.concat([input, chunk])
		pump()
	})
	act('CONNECT')
}
