// DER, written and read by these tests themselves, so that neither OpenSSL nor simca is its own witness.

function length(n) {
  if (n < 128) return Buffer.from([n]);
  const bytes = [];
  for (; n > 0; n >>= 8) bytes.unshift(n & 255);
  return Buffer.from([128 | bytes.length, ...bytes]);
}

export const tlv = (tag, ...parts) => {
  const value = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), length(value.length), value]);
};
export const sequence = (...parts) => tlv(0x30, ...parts);
export const set = (...parts) => tlv(0x31, ...parts);
export const octets = (bytes) => tlv(0x04, bytes);
export const utf8 = (text) => tlv(0x0c, Buffer.from(text));
export const printable = (text) => tlv(0x13, Buffer.from(text));
export const ia5 = (text) => tlv(0x16, Buffer.from(text));
export const hex = (text) => Buffer.from(text, "hex");

export function oid(text) {
  const arcs = text.split(".").map(Number), bytes = [];
  for (let arc of [arcs[0] * 40 + arcs[1], ...arcs.slice(2)]) {
    const digits = [arc & 127];
    while ((arc = Math.floor(arc / 128)) > 0) digits.unshift(128 | (arc & 127));
    bytes.push(...digits);
  }
  return tlv(0x06, Buffer.from(bytes));
}

/** A Name: pairs of attribute type and text; C is a PrintableString. */
export function name(...pairs) {
  const types = { C: "2.5.4.6", L: "2.5.4.7", O: "2.5.4.10", OU: "2.5.4.11", CN: "2.5.4.3" };
  return sequence(...pairs.map(([type, text]) => set(sequence(oid(types[type]), type === "C" ? printable(text) : utf8(text)))));
}

/** One element at an offset: { tag, value, raw, end }. */
function element(bytes, at) {
  let n = bytes[at + 1], head = 2;
  if (n & 128) {
    const count = n & 127;
    n = bytes.readUIntBE(at + 2, count);
    head += count;
  }
  const end = at + head + n;
  if (end > bytes.length) throw new Error("an element is longer than what holds it");
  return { tag: bytes[at], value: bytes.subarray(at + head, end), raw: bytes.subarray(at, end), end };
}

export function children(bytes) {
  const all = [];
  for (let at = 0; at < bytes.length;) {
    const one = element(bytes, at);
    all.push(one);
    at = one.end;
  }
  return all;
}

/** The fields of a certificate, as raw DER; extensions as { oid, critical, value }, in their order. */
export function certificate(der) {
  const [whole, ...behind] = children(der);
  if (behind.length > 0) throw new Error("something stands behind the certificate");
  const [tbs, algorithm] = children(whole.value);
  const fields = children(tbs.value);
  // Version 1 is the default and so not written.
  const version = fields[0].tag === 0xa0 ? fields.shift().value : null;
  const [serial, signature, issuer, validity, subject, key, ...rest] = fields;
  const list = rest.find(({ tag }) => tag === 0xa3);
  const extensions = list ? children(children(list.value)[0].value).map((one) => {
    const parts = children(one.value);
    return { oid: parts[0].raw.toString("hex"), critical: parts.length === 3, value: parts.at(-1).value };
  }) : [];
  return { version, serial: serial.value, signature: signature.raw, algorithm: algorithm.raw, issuer: issuer.raw,
    validity: children(validity.value), subject: subject.raw, key: key.raw, keyBits: children(key.value)[1].value.subarray(1), extensions };
}
