// Every byte of the certificates: roots and leaves against DER that this test writes itself from the profile, and the string types as
// openssl asn1parse sees them.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { Authority, kinds, openssl, policies, roots, units } from "./lib/authority.mjs";
import { certificate, hex, ia5, name, octets, oid, sequence, tlv, utf8 } from "./lib/der.mjs";

const authority = new Authority("profile");
after(() => authority.close());

const agency = "Japan Agency for Local Authority Information Systems";
const service = name(["C", "JP"], ["O", "公的個人認証サービス（模擬）"]);
const rootName = (kind) => name(["C", "JP"], ["O", "JPKI-SIM"], ["OU", units[kind]], ["OU", agency]);
const listName = (kind, ...more) => name(["C", "JP"], ["O", "JPKI-SIM"], ["OU", units[kind]], ["OU", "CRL Distribution Points"], ...more);
const directory = (der) => tlv(0xa4, der);
const list = (der) => sequence(sequence(tlv(0xa0, tlv(0xa0, directory(der)))));
const sha1 = (bytes) => createHash("sha1").update(bytes).digest();
const algorithms = { 1: sequence(oid("1.2.840.113549.1.1.11"), hex("0500")), p384: sequence(oid("1.2.840.10045.4.3.3")) };
algorithms[2] = algorithms[1];
const keyHeads = {
  1: sequence(oid("1.2.840.113549.1.1.1"), hex("0500")),
  p384: sequence(oid("1.2.840.10045.2.1"), oid("1.3.132.0.34")),
};
keyHeads[2] = keyHeads[1];
const ids = { authority: "2.5.29.35", usage: "2.5.29.15", subjectAlt: "2.5.29.17", issuerAlt: "2.5.29.18", list: "2.5.29.31",
  policies: "2.5.29.32", subject: "2.5.29.14", constraints: "2.5.29.19" };

const rootOf = (kind, root) => certificate(Buffer.from(readFileSync(authority.anchor(kind, root), "utf8")
  .replace(/-----.*-----|\n/g, ""), "base64"));

function same(cert, expected) {
  assert.deepEqual(cert.extensions.map(({ oid }) => oid), expected.map(([id]) => oid(id).toString("hex")), "the extensions, in their order");
  expected.forEach(([id, critical, value], i) => {
    assert.equal(cert.extensions[i].critical, critical, `${id} critical`);
    assert.equal(cert.extensions[i].value.toString("hex"), value.toString("hex"), id);
  });
}

for (const kind of kinds) {
  for (const [i, root] of roots.entries()) {
    test(`root ${kind} ${root}`, () => {
      const cert = rootOf(kind, root);
      assert.equal(cert.version.toString("hex"), "020102");
      assert.equal(cert.serial.toString("hex"), `0${i + 1}`);
      assert.deepEqual(cert.issuer, rootName(kind));
      assert.deepEqual(cert.subject, rootName(kind));
      assert.deepEqual(cert.signature, algorithms[root]);
      assert.deepEqual(cert.algorithm, algorithms[root]);
      assert.ok(cert.key.includes(keyHeads[root]));
      same(cert, [
        [ids.usage, true, hex("03020106")],
        [ids.subjectAlt, false, sequence(directory(service))],
        [ids.constraints, true, hex("30030101ff")],
        [ids.list, false, list(listName(kind))],
        [ids.subject, false, octets(sha1(cert.keyBits))],
      ]);
    });

    test(`leaf ${kind} ${root}`, () => {
      const leaf = authority.issue(kind, root, "--name", "黒桐　幹也", "--birth", "19800217", "--era", "3", "--sex", "1", "--address",
        "東京都清瀬市観布子南１２－７－２０２", "--prefecture", "Tokyo-to", "--municipality", "Kiyose-shi", "--office", "13221003A",
        "--name-subst", "10000");
      const cert = certificate(readFileSync(leaf.der)), issuer = rootOf(kind, root);
      assert.equal(cert.version.toString("hex"), "020102");
      assert.equal(cert.serial.toString("hex").toUpperCase(), leaf.serial);
      assert.match(leaf.serial, /^[1-7][0-9A-F]{15}$/);
      assert.deepEqual(cert.issuer, rootName(kind));
      assert.deepEqual(cert.signature, algorithms[root]);
      assert.ok(cert.key.includes(keyHeads[root]));
      const cn = authority.do("show", leaf.serial).split("\t")[7];
      assert.match(cn, kind === "auth" ? /^[0-9A-Z]{14}13221003A$/ : /^20\d{12}\d{4}13221003A$/);
      assert.deepEqual(cert.subject, kind === "auth" ? name(["C", "JP"], ["CN", cn])
        : name(["C", "JP"], ["L", "Tokyo-to"], ["L", "Kiyose-shi"], ["CN", cn]));
      const items = [[1, "黒桐　幹也"], [4, "319800217"], [3, "1"], [5, "東京都清瀬市観布子南１２－７－２０２"], [2, "10000"], [6, "0".repeat(18)]];
      const alt = sequence(...items.map(([n, text]) =>
        tlv(0xa0, oid(`1.2.392.200149.8.5.5.${n}`), tlv(0xa0, utf8(text)))));
      const authorityId = sequence(tlv(0x80, sha1(issuer.keyBits)), tlv(0xa1, directory(rootName(kind))), tlv(0x82, issuer.serial));
      const policy = sequence(sequence(oid(policies[kind]),
        sequence(sequence(oid("1.3.6.1.5.5.7.2.1"), ia5("http://www.jpki.go.jp/cps.html")))));
      same(cert, [
        [ids.authority, false, authorityId],
        [ids.usage, true, hex(kind === "auth" ? "03020780" : "030206c0")],
        ...(kind === "sign" ? [[ids.subjectAlt, false, alt]] : []),
        [ids.issuerAlt, false, sequence(directory(service))],
        [ids.list, false, list(listName(kind, ["OU", "Tokyo-to"], ["CN", "Kiyose-shi CRLDP"]))],
        [ids.policies, true, policy],
        [ids.subject, false, octets(sha1(cert.keyBits))],
      ]);
    });
  }
}

test("the three roots of a hierarchy have one name and three keys", () => {
  for (const kind of kinds) {
    const certs = roots.map((root) => rootOf(kind, root));
    assert.equal(new Set(certs.map(({ subject }) => subject.toString("hex"))).size, 1);
    assert.equal(new Set(certs.map(({ key }) => key.toString("hex"))).size, 3);
  }
});

test("openssl asn1parse reads Japanese once, as UTF8String", () => {
  const leaf = authority.issue("sign", "1", "--name", "あべ　ＴＡＲＯ");
  const [, at] = openssl("asn1parse", "-inform", "DER", "-in", leaf.der).out.match(/Subject Alternative Name\n +(\d+):.*OCTET STRING/);
  const { out } = openssl("asn1parse", "-inform", "DER", "-in", leaf.der, "-strparse", at);
  assert.match(out, /UTF8STRING +:あべ　ＴＡＲＯ\n/);
  assert.equal(out.match(/UTF8STRING/g).length, 6);
  assert.doesNotMatch(out, /BMPSTRING|T61STRING|UNIVERSALSTRING/);
});

test("who does not say is the example: birth, sex, address and one 0 for each character", () => {
  const leaf = authority.issue("sign", "p384");
  const { out } = openssl("x509", "-in", leaf.pem, "-noout", "-ext", "subjectAltName", "-nameopt", "utf8");
  assert.match(out, /5\.5\.1::ＴＡＮＡＫＡ　ＴＡＲＯ, .*5\.5\.4::020000401, .*5\.5\.3::1, .*5\.5\.5::大分県別府市.*, .*5\.5\.2::0{11}, .*5\.5\.6::0{15}/);
});

test("term: from a day's start to a day's end in Japan", () => {
  const leaf = authority.issue("auth", "p384", "--from", "2026-04-01", "--until", "2051-03-31");
  const cert = certificate(readFileSync(leaf.der));
  assert.deepEqual(cert.validity.map(({ tag, value }) => [tag, value.toString()]), [[0x17, "260331150000Z"], [0x18, "20510331145959Z"]]);
});
