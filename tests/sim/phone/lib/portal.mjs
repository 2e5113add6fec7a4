// A small strict portal: the other side of the messages between phone and portal, written from their description and from nothing of the
// program's. It keeps everything in memory, refuses with the codes of the table, and lies to the phone in the ways that `lies` names.

import {
  X509Certificate, createHash, createHmac, createPublicKey, generateKeyPairSync, randomBytes, sign as signBytes, verify as verifyBytes,
} from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const base64url = (bytes) => Buffer.from(bytes).toString("base64url");
const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const now = () => Math.floor(Date.now() / 1000);

export function base32(bytes) {
  /* A number: what is missing to five bits each stands in front. */
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return bits.padStart(Math.ceil(bits.length / 5) * 5, "0").match(/.{5}/g).map((five) => crockford[parseInt(five, 2)]).join("");
}

const thumbprint = (jwk) => base64url(sha256(JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y })));

function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = publicKey.export({ format: "jwk" });
  return { privateKey, publicKey, jwk, kid: thumbprint(jwk) };
}

class Refusal extends Error {
  constructor(status, code) {
    super(code);
    Object.assign(this, { status, code });
  }
}
const refuse = (status, code) => { throw new Refusal(status, code); };

const strict64 = (text) => {
  if (typeof text !== "string" || !/^[\w-]*$/.test(text) || base64url(Buffer.from(text, "base64url")) !== text) refuse(400, "bad_request");
  return Buffer.from(text, "base64url");
};

/** JSON of one spelling: what parses to something that is written otherwise had a member twice, or a number that is none. */
function strictJson(bytes) {
  const text = bytes.toString("utf8");
  let value;
  try { value = JSON.parse(text); } catch { refuse(400, "bad_request"); }
  if (JSON.stringify(value) !== text) refuse(400, "bad_request");
  return value;
}

const members = {
  claim: ["claim", "app"],
  submit: ["op", "method", "token", "alg", "cert", "sig"],
  card_text: ["op", "method", "ef0002", "ef0003", "ef0004", "ef0007", "sig"],
  report: ["event", "tries_left"],
  wait: [],
};

/* BER objects with tags of two bytes, as the text applet has them. */
function tlv(bytes) {
  const tag = bytes.readUInt16BE(0).toString(16);
  let at = 2, size = bytes[at++];
  if (size === 0x81) size = bytes[at++];
  else if (size === 0x82) { size = bytes.readUInt16BE(at); at += 2; }
  return { tag, value: bytes.subarray(at, at + size), rest: bytes.subarray(at + size), whole: bytes.subarray(0, at + size) };
}
function parts(bytes) {
  const found = {};
  for (let rest = bytes; rest.length > 0;) {
    const one = tlv(rest);
    found[one.tag] = one;
    rest = one.rest;
  }
  return found;
}

function cardTextKey(ef0007) {
  const key = parts(tlv(ef0007).value).df51.value;
  const n = key.subarray(key.length - 256), e = key.subarray(2, 2 + key[1]);
  return createPublicKey({ key: { kty: "RSA", n: base64url(n), e: base64url(e) }, format: "jwk" });
}

export class Portal {
  /** anchors: the folder of the authority's anchors. */
  constructor({ anchors, id = "rp:immi-demo" }) {
    this.id = id;
    this.key = newKey();
    this.strangerKey = newKey();
    this.roots = { auth: [], sign: [] };
    for (const name of anchors ? readdirSync(anchors) : []) {
      const kind = name.match(/^(auth|sign)-.*\.pem$/)?.[1];
      if (kind) this.roots[kind].push(new X509Certificate(readFileSync(join(anchors, name))));
    }
    this.txs = new Map();
    this.seen = [];
    this.drops = 0;
  }

  async start() {
    this.server = createServer((req, res) => this.answer(req, res));
    await new Promise((done) => this.server.listen(0, "127.0.0.1", done));
    this.origin = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }

  /** What a browser would begin; answers the text of the code. */
  begin({ op = "auth", purpose = "usage_request", bindback = false, lies = {}, lives = 180, code = "4827" } = {}) {
    const id = base32(randomBytes(16)), claim = base64url(randomBytes(16));
    const tx = { id, claim, op, purpose, bindback, lies, lives, code, state: "shown", jtis: new Map(), events: [], started: now() };
    this.txs.set(id, tx);
    tx.text = `${this.origin}/q#1.${id}.${claim}`;
    return tx;
  }

  async answer(req, res) {
    const chunks = [];
    let size = 0;
    for await (const chunk of req) {
      size += chunk.length;
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks).toString("latin1");
    this.seen.push({ path: req.url, body });
    if (this.drops > 0 && req.method === "POST") {
      this.drops--;
      if (this.dropAfter) this.handle(req, body, size); /* it was taken, and the answer is lost */
      req.socket.destroy();
      return;
    }
    const reply = this.handle(req, body, size);
    await reply.after;
    res.writeHead(reply.status, { "Content-Type": reply.type, ...reply.headers });
    res.end(reply.body);
  }

  handle(req, body, size) {
    const json = (value) => ({ status: 200, type: "application/json", body: JSON.stringify(value) });
    try {
      if (req.url === "/.well-known/cardlink-jwks.json")
        return this.jwks ?? json({ keys: [this.key, ...(this.tellStranger ? [this.strangerKey] : [])].map(({ jwk, kid }) => ({ ...jwk, kid, use: "sig", alg: "ES256" })) });
      const kind = req.url.match(/^\/m\/v1\/(claim|submit|report|wait)$/)?.[1];
      if (!kind || req.method !== "POST") refuse(404, "not_found");
      if (size > 65536) refuse(413, "too_large");
      return this.message(kind, body, json);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return {
        status: error.status, type: "application/problem+json", headers: { "Retry-After": "5" },
        body: JSON.stringify({ type: "about:blank", title: error.code, status: error.status, code: error.code }),
      };
    }
  }

  message(kind, body, json) {
    const [head, payload, signature, more] = body.split(".");
    if (more !== undefined || signature === undefined) refuse(401, "bad_proof");
    const header = strictJson(strict64(head));
    if (header.alg !== "ES256" || header.typ !== "clp+jwt" || Boolean(header.jwk) !== (kind === "claim")) refuse(401, "bad_proof");
    const message = strictJson(strict64(payload));
    const tx = this.txs.get(message.tx);
    if (!tx) refuse(404, "not_found");
    const jwk = kind === "claim" ? header.jwk : tx.jwk;
    if (!jwk || (kind !== "claim" && header.kid !== thumbprint(jwk))) refuse(401, "bad_proof");
    const key = createPublicKey({ key: jwk, format: "jwk" });
    if (!verifyBytes("sha256", Buffer.from(`${head}.${payload}`), { key, dsaEncoding: "ieee-p1363" }, strict64(signature))) refuse(401, "bad_proof");
    if (message.aud !== this.origin || message.htu !== `/m/v1/${kind}`) refuse(401, "bad_proof");
    if (!Number.isInteger(message.iat) || Math.abs(message.iat - now()) > 120) refuse(400, "bad_time");
    if (strict64(message.jti).length !== 16) refuse(400, "bad_request");
    this.only(kind, message);
    const before = tx.jtis.get(message.jti);
    if (before && before.body !== body) refuse(409, "replay");
    if (before) return before.reply;
    const reply = this.judge(kind, tx, message, jwk, json);
    tx.jtis.set(message.jti, { body, reply });
    return reply;
  }

  only(kind, message) {
    const known = new Set(["aud", "htu", "iat", "jti", "tx", ...(message.method === "card_text" ? members.card_text : members[kind])]);
    for (const name of Object.keys(message)) {
      if (/^ef0001$|my_?number/.test(name)) {
        this.txs.get(message.tx).state = "failed";
        refuse(422, "my_number_present");
      }
      if (!known.has(name)) refuse(400, "bad_member");
    }
  }

  judge(kind, tx, message, jwk, json) {
    if (kind === "report") {
      tx.events.push([message.event, message.tries_left].filter((value) => value !== undefined).join(" "));
      if (/declined|pin_blocked/.test(message.event)) Object.assign(tx, { state: "failed", error: message.event });
      return { status: 204, type: "application/json", body: "" };
    }
    if (tx.state === "claimed_twice") refuse(409, "claimed_twice");
    if (kind === "claim") return this.claim(tx, message, jwk, json);
    if (kind === "wait") {
      if (tx.error) refuse(409, tx.error);
      return { ...json({ state: tx.state }), after: tx.state === "await_code" ? new Promise((done) => setTimeout(done, 200)) : null };
    }
    if (tx.state !== "claimed") refuse(409, "replay");
    if (now() >= tx.exp) refuse(410, "expired");
    tx.state = "verifying";
    try {
      this.verify(tx, message);
    } catch (error) {
      tx.state = "failed";
      throw error;
    }
    tx.state = tx.bindback ? "await_code" : "done";
    const screen = tx.lies.screen ?? (tx.op === "auth" ? "login_completed" : "signature_completed");
    return json(tx.bindback ? { state: "await_code", screen, code: tx.code, code_expires_in: tx.codeLives ?? 90 } : { state: "done", screen });
  }

  claim(tx, message, jwk, json) {
    if (message.claim !== tx.claim) refuse(404, "not_found");
    if (tx.jwk && thumbprint(tx.jwk) !== thumbprint(jwk)) {
      tx.state = "claimed_twice";
      refuse(409, "claimed_twice");
    }
    Object.assign(tx, { jwk, state: "claimed", app: message.app, exp: now() + tx.lives });
    return json({ request: tx.lies.answer ?? this.request(tx), state: "claimed" });
  }

  request(tx) {
    const jkt = thumbprint(tx.jwk), { lies } = tx, iat = now();
    const said = { rp: this.id, origin: this.origin, tx: tx.id, purpose: tx.purpose, app: jkt, exp: tx.exp, ...lies.said };
    const name = this.id.replace("rp:", "");
    const what = { usage_request: "my request for use", apply: "application U-2026-000123", relink: "linking my new card" }[tx.purpose];
    const sentence = lies.sentence ?? `I ask ${name} to read my name, address, date of birth and sex from my card for ${what}.`;
    tx.nonce = base64url(randomBytes(32));
    tx.statement = lies.statement ?? `CLP1 ${tx.op.toUpperCase()}\nrp=${said.rp}\norigin=${said.origin}\ntx=${said.tx}\npurpose=${said.purpose}\n${
      tx.op === "basic4" ? `text=${sentence}\n` : ""}nonce=${tx.nonce}\napp=${said.app}\nexp=${said.exp}\n`;
    const request = {
      v: 1, iss: this.id, origin: this.origin, tx: tx.id, jkt, iat, exp: tx.exp, op: tx.op, purpose: tx.purpose,
      cert: tx.op === "auth" ? ["jpki_auth"] : ["jpki_sign", "card_text"], algs: ["RS256", "ES384"],
      display: {
        title: { en: tx.op === "auth" ? "Log in to APPLY" : "Read the basic 4 items", ja: tx.op === "auth" ? "APPLYにログイン" : "基本4情報の読み取り" },
        account: "t•••@apu.ac.jp", browser: "Edge, Windows", started: tx.started, place: "Beppu (approx.)", ...lies.display,
      },
      statement: tx.statement, bindback: tx.bindback, ...lies.request,
    };
    for (const name of lies.without ?? []) delete request[name];
    const key = lies.strangerKey ? this.strangerKey : this.key;
    const header = { alg: "ES256", typ: "clp-req+jwt", kid: lies.kid ?? key.kid, ...lies.header };
    const input = `${base64url(JSON.stringify(header))}.${base64url(lies.payload ?? JSON.stringify(request))}`;
    if (lies.unsigned) return `${input}.`;
    if (lies.hmac) return `${input}.${base64url(createHmac("sha256", JSON.stringify(this.key.jwk)).update(input).digest())}`;
    const signature = signBytes("sha256", Buffer.from(input), { key: key.privateKey, dsaEncoding: "ieee-p1363" });
    if (lies.flip) signature[10] ^= 1;
    return `${input}.${base64url(signature)}`;
  }

  verify(tx, m) {
    if (m.op !== tx.op) refuse(400, "bad_member");
    if (m.method === "card_text") return this.verifyText(tx, m);
    if (m.method !== (tx.op === "auth" ? "jpki_auth" : "jpki_sign")) refuse(422, "cert_kind");
    const der = strict64(m.cert), statement = Buffer.from(tx.statement);
    let cert;
    try { cert = new X509Certificate(der); } catch { refuse(422, "cert_malformed"); }
    if (!cert.raw.equals(der) || cert.ca) refuse(422, "cert_malformed");
    const kind = tx.op === "auth" ? "auth" : "sign";
    const under = (name) => this.roots[name].some((root) => cert.verify(root.publicKey));
    if (!under(kind)) refuse(422, under(kind === "auth" ? "sign" : "auth") ? "cert_kind" : "cert_untrusted");
    if (Date.parse(cert.validTo) < Date.now()) refuse(422, "cert_expired");
    const right = m.alg === "RS256" ? verifyBytes("sha256", statement, cert.publicKey, strict64(m.sig))
      : m.alg === "ES384" && verifyBytes("sha384", statement, { key: cert.publicKey, dsaEncoding: "ieee-p1363" }, strict64(m.sig));
    if (!right) refuse(422, "sig_invalid");
    tx.subject = cert.subject;
    tx.token = m.token;
  }

  verifyText(tx, m) {
    if (tx.op !== "basic4") refuse(400, "bad_member");
    const items = tlv(strict64(m.ef0002)).value, proof = parts(tlv(strict64(m.ef0003)).value);
    const signed = items.subarray(tlv(items).whole.length);
    if (!sha256(signed).equals(proof.df32.value)) refuse(422, "sig_invalid");
    if (!verifyBytes("sha256", Buffer.from(tx.statement), cardTextKey(strict64(m.ef0007)), strict64(m.sig))) refuse(422, "sig_invalid");
    tx.items = Object.fromEntries(Object.entries(parts(items)).map(([tag, { value }]) => [tag, value.toString("utf8")]));
  }
}
