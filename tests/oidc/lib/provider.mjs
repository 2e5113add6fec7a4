// npm oidc-provider set up as the Digital Authentication App's service: its paths, ES256 and no other, private_key_jwt and no other, PKCE required, pairwise
// subjects, the four items from userinfo after consent.

import { generateKeyPairSync, createHash } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";
import { clientId, paths } from "./counter.mjs";

export const signingKey = (kid) => ({ ...generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" }), kid, use: "sig", alg: "ES256" });

export const mai = { name: "NGUYEN THI MAI", address: { formatted: "大分県別府市石垣東１－２－３" }, birthdate: "20030409", gender: "2" };

const steady = [signingKey("one")];

/** A running provider; `keys` are its signing keys, `decide` what the person does there ("consent" or "deny"). */
export async function openProvider({ issuer, port, redirect, clientKeys, keys = steady, claims = mai, decide = "consent" }) {
  const scopes = { name: ["name"], address: ["address"], birthdate: ["birthdate"], gender: ["gender"] };
  const prefix = new URL(issuer).pathname + "/protocol/openid-connect";
  const provider = new Provider(issuer, {
    clients: [{
      client_id: clientId, redirect_uris: [redirect], response_types: ["code"], grant_types: ["authorization_code"], subject_type: "pairwise",
      token_endpoint_auth_method: "private_key_jwt", token_endpoint_auth_signing_alg: "ES256", id_token_signed_response_alg: "ES256", jwks: clientKeys,
    }],
    jwks: { keys },
    cookies: { keys: ["for tests"] },
    features: { devInteractions: { enabled: false }, claimsParameter: { enabled: false } },
    claims: { openid: ["sub", "acr"], ...scopes },
    scopes: ["openid"],
    acrValues: ["aal3", "crl", "aal3 crl"],
    subjectTypes: ["pairwise"],
    pairwiseIdentifier: (ctx, account, client) => createHash("sha256").update(client.clientId + account).digest("hex"),
    clientAuthMethods: ["private_key_jwt"],
    enabledJWA: { clientAuthSigningAlgValues: ["ES256"], idTokenSigningAlgValues: ["ES256"] },
    pkce: { required: () => true },
    conformIdTokenClaims: true,
    routes: Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, `/protocol/openid-connect${path}`])),
    interactions: { url: (ctx, interaction) => `${prefix}/interaction/${interaction.uid}` },
    findAccount: (ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, ...claims }) }),
    ttl: { AccessToken: 60, AuthorizationCode: 60, IdToken: 300, Interaction: 300, Grant: 300, Session: 300 },
  });
  const asked = [], errors = [];
  provider.on("server_error", (ctx, error) => errors.push(error));
  provider.on("grant.error", (ctx, error) => errors.push(error));
  const callback = provider.callback(), mount = new URL(issuer).pathname;

  async function interact(req, res) {
    const details = await provider.interactionDetails(req, res);
    if (decide === "deny") return provider.interactionFinished(req, res, { error: "access_denied" }, { mergeWithLastSubmission: false });
    if (details.prompt.name === "login") {
      return provider.interactionFinished(req, res, { login: { accountId: "mai", acr: "aal3 crl" } }, { mergeWithLastSubmission: false });
    }
    const grant = new provider.Grant({ accountId: details.session.accountId, clientId: details.params.client_id });
    grant.addOIDCScope(details.params.scope);
    return provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
  }

  const server = createServer((req, res) => {
    asked.push(`${req.method} ${req.url.split("?")[0]}`);
    if (req.url.startsWith(`${prefix}/interaction/`)) {
      interact(req, res).catch((error) => { errors.push(error); res.writeHead(500).end(String(error)); });
      return;
    }
    if (!req.url.startsWith(mount)) return res.writeHead(404).end();
    req.originalUrl = req.url;
    req.url = req.url.slice(mount.length);
    callback(req, res);
  });
  await new Promise((done, failed) => server.on("error", failed).listen(port, "127.0.0.1", done));
  return {
    provider, asked, errors, server,
    decide(what) { decide = what; },
    close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }),
  };
}
