// The card without a phone: an authority for the portal to trust, and what a phone would have done, written where the portal finds it. Another
// process writes, so nobody rings: the portal sees it when it looks for itself.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { post } from "./fast.mjs";
import { temporaryFolder } from "./portal.mjs";

/** Settings of a portal that reads simulated cards. */
export function cardSettings(more = {}) {
  const folder = join(temporaryFolder("authority"), "sim");
  execFileSync(process.env.SIMCA ?? join(dirname(process.env.MADOGUCHI), "../../sim/ca/simca"), ["init", folder], { stdio: "ignore" });
  return { card_anchors: join(folder, "anchors"), card_policy: "simulation", ...more };
}

function sql(portal, text) {
  return execFileSync("sqlite3", ["-cmd", ".timeout 20000", join(portal.data, "madoguchi.db"), text], { encoding: "utf8" }).trim();
}

export const states = { shown: 1, claimed: 2, verifying: 3, code: 4, done: 5, failed: 6, expired: 7, cancelled: 8 };

/** Begins the reading of a card for this person; the path of its page. */
export async function reading(person) {
  const made = await post(person, "/id/tx", [["op", "auth"], ["purpose", "usage_request"]], { maxRedirects: 0 });
  assert.equal(made.status(), 303);
  return made.headers().location;
}

const set = (values) => Object.entries(values).map(([name, value]) => `${name} = ${typeof value === "number" ? value : `'${value}'`}`).join(", ");
const idOf = (path) => path.split("/").pop();

/** What has become of it: columns of id_tx. */
export function told(portal, path, values) {
  sql(portal, `UPDATE id_tx SET seq = seq + 1, ${set(values)} WHERE id = '${idOf(path)}'`);
}

/** As many more as are wanted, of the same session: a portal would not let one begin so many. */
export function more(portal, path, count, values = {}) {
  const id = idOf(path), columns = sql(portal, "SELECT group_concat(name) FROM pragma_table_info('id_tx') WHERE name <> 'id'");
  const ids = Array.from({ length: count }, (_, i) => `0${String(Math.floor(Math.random() * 1e8)).padStart(8, "0")}${String(i).padStart(4, "0")}${id.slice(13)}`);
  sql(portal, `BEGIN; ${ids.map((one) => `INSERT INTO id_tx (id, ${columns}) SELECT '${one}', ${columns} FROM id_tx WHERE id = '${id}';`).join(" ")} COMMIT;`);
  const paths = ids.map((one) => `/id/tx/${one}`);
  if (Object.keys(values).length > 0) paths.forEach((one) => told(portal, one, values));
  return paths;
}
