// The counter with a provider named in its configuration, and a person who goes there for the request for use.

import { execFileSync } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { demo, openPortal, temporaryFolder } from "../../story/lib/portal.mjs";
import { Visitor } from "./visitor.mjs";

export async function freePort() {
  const server = createServer();
  await new Promise((done, failed) => server.on("error", failed).listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** As the Digital Authentication App's service has them. */
export const paths = { authorization: "/auth", token: "/token", userinfo: "/userinfo", jwks: "/certs" };
export const clientId = "madoguchi-test";

/** Where the provider will be, and the counter's settings for it. */
export function providerSettings(port) {
  const issuer = `http://127.0.0.1:${port}/api/realms/main`, at = `${issuer}/protocol/openid-connect`;
  const keyFile = join(temporaryFolder("oidc"), "client.pem");
  return {
    port, issuer,
    settings: {
      oidc_issuer: issuer, oidc_auth_url: at + paths.authorization, oidc_token_url: at + paths.token, oidc_userinfo_url: at + paths.userinfo,
      oidc_jwks_url: at + paths.jwks, oidc_client_id: clientId, oidc_key_file: makeKey(keyFile),
    },
  };
}

/** Answers { portal, issuer, keys } with the counter's public keys; the provider itself is started afterwards at `port`. */
export async function openCounter() {
  const { port, issuer, settings } = providerSettings(await freePort());
  const portal = await openPortal({ people: true, settings });
  const keys = JSON.parse(await portal.admin("oidc", "keys"));
  const sql = (text) => execFileSync("sqlite3", ["-readonly", "-cmd", ".timeout 5000", join(portal.data, "madoguchi.db"), text]).toString().trim();
  return { portal, port, issuer, keys, sql, links: () => Number(sql("SELECT count(*) FROM card_link WHERE unlinked_at = 0")) };
}

/** `run` wants the key before the first admin command, so it is made by the same command beforehand. */
function makeKey(file) {
  execFileSync(process.env.MADOGUCHI, ["admin", "oidc", "keys", `--oidc_key_file=${file}`, "--oidc_issuer=http://127.0.0.1/x", "--oidc_auth_url=http://127.0.0.1/x",
    "--oidc_token_url=http://127.0.0.1/x", "--oidc_userinfo_url=http://127.0.0.1/x", "--oidc_jwks_url=http://127.0.0.1/x", "--oidc_client_id=x"]);
  return file;
}

const drafts = new Map();

/** A person with a session of her own and a request for use that waits for the card. */
export async function comeIn(portal, user = demo.mai) {
  const visitor = new Visitor(portal.base);
  await visitor.logIn(user, demo.password);
  visitor.draft = drafts.get(user);
  if (visitor.draft && /\/card$/.test((await visitor.ask(visitor.draft)).to ?? "")) return visitor;
  const procedure = await visitor.ask("/procedures/usage");
  const draft = await visitor.send(procedure, /\/procedures\/usage$/);
  visitor.draft = new URL(draft.to).pathname;
  drafts.set(user, visitor.draft);
  return visitor;
}

/** From the page about the card to the provider's address. */
export async function goThere(visitor) {
  const about = await visitor.follow(await visitor.ask(visitor.draft));
  const answer = await visitor.send(about, /\/id\/tx$/, { adapter: "oidc" });
  if (answer.status !== 303) throw new Error(`the way there answered ${answer.status}\n${answer.text}`);
  return answer.to;
}

/** Back at the counter's callback, on by its button; answers how the transaction ended. */
export async function comeBack(visitor, callback) {
  const page = await visitor.ask(callback);
  if (page.status !== 200) throw new Error(`the callback answered ${page.status}\n${page.text}`);
  const answer = await visitor.send(page, /\/oidc\/cb$/);
  const tx = /\/id\/tx\/(\w+)$/.exec(answer.to ?? "")?.[1];
  if (!tx) return { answer };
  const status = JSON.parse((await visitor.ask(`/id/tx/${tx}/status`)).text);
  return { answer, tx, state: status.state, code: status.error?.code, page: await visitor.ask(answer.to) };
}
