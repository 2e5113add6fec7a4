// A provider that follows the profile but for one thing, which the test names. Made with npm jose.

import { createHash, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { createLocalJWKSet, exportJWK, jwtVerify, SignJWT } from "jose";
import { clientId } from "./counter.mjs";
import { mai } from "./provider.mjs";

const pair = (type, options) => generateKeyPairSync(type, options);
const ec = pair("ec", { namedCurve: "P-256" }), strange = pair("ec", { namedCurve: "P-256" }), rsa = pair("rsa", { modulusLength: 2048 });
const b64 = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** `wrong` is set by each test: members that stand in the place of what is right. */
export async function openWrongProvider({ issuer, port, clientKeys }) {
  const state = { wrong: {}, asked: [], assertions: [], faults: [], nonces: new Map(), used: new Set() };
  const own = createLocalJWKSet(clientKeys);

  async function idToken(nonce, access) {
    const { wrong } = state, now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: issuer, aud: clientId, sub: "a-pairwise-subject", nonce, iat: now, exp: now + 300, acr: "aal3 crl",
      at_hash: createHash("sha256").update(access).digest().subarray(0, 16).toString("base64url"), ...wrong.claims?.(now),
    };
    for (const [name, value] of Object.entries(claims)) if (value === undefined) delete claims[name];
    const header = { alg: "ES256", kid: "one", ...wrong.header };
    for (const [name, value] of Object.entries(header)) if (value === undefined) delete header[name];
    if (header.alg === "none") return `${b64(header)}.${b64(claims)}.`;
    if (header.alg === "HS256") {
      return new SignJWT(claims).setProtectedHeader(header).sign(new TextEncoder().encode(JSON.stringify(await exportJWK(ec.publicKey))));
    }
    const token = await new SignJWT(claims).setProtectedHeader(header)
      .sign(header.alg === "RS256" ? rsa.privateKey : wrong.signer === "strange" ? strange.privateKey : ec.privateKey);
    return wrong.text ? wrong.text(token) : token;
  }

  async function token(form) {
    state.assertions.push(form.get("client_assertion"));
    const { payload, protectedHeader } = await jwtVerify(form.get("client_assertion"), own, { algorithms: ["ES256"], audience: `${issuer}/protocol/openid-connect/token`, issuer: clientId, subject: clientId });
    if (protectedHeader.alg !== "ES256" || !payload.jti || payload.exp - payload.iat > 60) throw new Error("client_assertion");
    if (form.get("client_assertion_type") !== "urn:ietf:params:oauth:client-assertion-type:jwt-bearer") throw new Error("client_assertion_type");
    const known = state.nonces.get(form.get("code"));
    if (!known || state.used.has(form.get("code"))) return { status: 400, body: { error: "invalid_grant" } };
    state.used.add(form.get("code"));
    const challenge = createHash("sha256").update(form.get("code_verifier")).digest("base64url");
    if (challenge !== known.challenge || form.get("redirect_uri") !== known.redirect) return { status: 400, body: { error: "invalid_grant" } };
    const access = "an-access-token";
    return { body: { token_type: "Bearer", access_token: access, expires_in: 60, id_token: await idToken(known.nonce, access) } };
  }

  function answer(res, place, right) {
    const wrong = state.wrong[place];
    if (wrong === "redirect") return res.writeHead(302, { Location: `http://127.0.0.1:${port}/elsewhere` }).end();
    if (wrong === "slow") return res.writeHead(200, { "Content-Type": "application/json" }).write("{");
    if (wrong === "huge") return res.writeHead(200, { "Content-Type": "application/json" }).end(`{"x":"${"x".repeat(1 << 20)}"}`);
    if (wrong === "html") return res.writeHead(200, { "Content-Type": "text/html" }).end("<p>hello</p>");
    if (wrong === "text") return res.writeHead(200, { "Content-Type": "application/json" }).end("hello");
    if (wrong?.status) return res.writeHead(wrong.status, { "Content-Type": "application/json" }).end(JSON.stringify(wrong.body ?? {}));
    res.writeHead(right.status ?? 200, { "Content-Type": "application/json" }).end(JSON.stringify({ ...right.body, ...wrong }));
  }

  async function serve(req, res) {
    const place = req.url.split("/").at(-1).split("?")[0];
    state.asked.push(place);
    let body = "";
    for await (const piece of req) body += piece;
    if (place === "token") return answer(res, place, await token(new URLSearchParams(body)));
    if (place === "userinfo") {
      if (req.headers.authorization !== "Bearer an-access-token") return res.writeHead(401).end();
      return answer(res, place, { body: { sub: "a-pairwise-subject", ...mai } });
    }
    if (place === "certs") {
      const key = { ...(await exportJWK(ec.publicKey)), kid: "one", alg: "ES256", use: "sig" };
      return answer(res, place, { body: { keys: [{ ...(await exportJWK(rsa.publicKey)), kid: "rsa", use: "sig" }, key] } });
    }
    res.writeHead(404).end();
  }

  const server = createServer((req, res) => serve(req, res).catch((error) => { state.faults.push(error); res.writeHead(500).end(); }));
  await new Promise((done, failed) => server.on("error", failed).listen(port, "127.0.0.1", done));
  return Object.assign(state, {
    /** What the browser does there: it is led back with a code. `more` stands in the place of what is right. */
    authorize(url, more = {}) {
      const params = new URL(url).searchParams, code = `code-${state.nonces.size}`;
      state.nonces.set(code, { nonce: params.get("nonce"), challenge: params.get("code_challenge"), redirect: params.get("redirect_uri") });
      const back = new URL(params.get("redirect_uri"));
      for (const [name, value] of Object.entries({ code, state: params.get("state"), ...more })) if (value !== undefined) back.searchParams.set(name, value);
      return back.href;
    },
    close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }),
    sleep,
  });
}
