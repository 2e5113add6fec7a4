// Readings that are easily wrong: whoever writes one kanji after the other gives each the reading that it has alone. That every kanji has a
// reading is checked when texts are read; that it is the right one can only be said of what has gone wrong before.

import test from "node:test";
import { files, none, read } from "./lib/tree.mjs";

const wrong = [
  [/》外《そと》/u, "within a word 外 is がい, or にほん + こくがい"],
  [/(?:申請|入力|審査|停止|休業|返却|確認|送信|在学|処理|作成|準備)《[^》]*》中《なか》/u, "after what is going on 中 is ちゅう"],
  [/》上《うえ》|》下《した》/u, "within a word 上 is じょう, 下 is か"],
  [/母《はは》子《こ》|父《ちち》母《はは》/u, "ぼし, ふぼ"],
  [/》主《おも》/u, "事業主 is じぎょうぬし"],
  [/[^｜0-9０-９][1１]日《(?:ついたち|いちにち)》|[^｜0-9０-９][12１２]人《(?:ひとり|ふたり)》/u, "the digit belongs to what is read: ｜1日《ついたち》"],
  [/[^0-9０-９][12１２]人《にん》/u, "ひとり, ふたり"],
  [/[1-9]0分《ふん》|[^0-9][13468]分《ふん》/u, "ぷん"],
  [/(?:^|[^0-9０-９])[3３]本《ほん》|[168１６８]本《ほん》/u, "さんぼん, いっぽん"],
];

test("no reading is of a kind that was wrong before", () => {
  const faults = [];
  for (const path of files(/^procedures\/.*\.(yaml|csv)$|^po\/ja\.po$/)) {
    read(path).split("\n").forEach((line, i) => {
      for (const [pattern, why] of wrong) {
        const found = pattern.exec(line);
        if (found) faults.push(`${path}:${i + 1}: ${found[0]} (${why})`);
      }
    });
  }
  none(faults);
});
