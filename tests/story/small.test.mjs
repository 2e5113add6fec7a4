// The notifications, the change of the method of receipt, the certificate of authorized employment, the acquisition of a status, and the
// requests of those who use the counter: each from the search to the copy on paper, in turn with script at a desk in English and without
// script on a phone in Japanese.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dayFromNow } from "./lib/form.mjs";
import { demo } from "./lib/portal.mjs";
import { stage } from "./lib/stage.mjs";
import { live } from "./lib/tale.mjs";

const on = stage({ people: true });
const desk = { lang: "en", width: 1280 }, phone = { lang: "ja", script: false, width: 360 };

const stories = [
  ["changes the employer and notifies it, all by hand", desk, {
    procedure: "notification_organization", data: "notification_organization_job", search: { en: "change job notification" }, byHand: "all",
    check: { at: "what", wrong: { event_date: dayFromNow(3) }, says: { en: "The date of the event is in the future." } },
    change: { old_name: "株式会社あおぞら翻訳センター" }, paper: ["NGUYEN THI MAI", "株式会社みなと通訳"],
  }],
  ["notifies a divorce, all by hand", phone, {
    procedure: "notification_spouse", data: "notification_spouse_divorce", search: { ja: "離婚" }, byHand: "all",
    check: { at: "what", wrong: { event_date: dayFromNow(3) }, says: { ja: "これから先の日" } },
    change: { phone: "09000000009" }, paper: ["NGUYEN THI MAI"],
  }],
  ["acquires a status for a child born in Japan", phone, {
    procedure: "acquisition", data: "acquisition_birth", search: { ja: "出生" },
    check: { at: "confirm", wrong: { birth_date: dayFromNow(-21) }, says: { ja: "異なります" } },
    change: { birth_place: "日本　大分市" }, paper: ["NGUYEN VAN NAM", "大分市"],
  }],
  ["asks to use the counter", phone, {
    procedure: "usage", data: "usage_person", search: { ja: "利用申出" }, byHand: "all",
    check: { at: "user", wrong: { birth_date: dayFromNow(30) }, says: { ja: "これから先の日" } },
    change: { phone: "0970000011" }, paper: ["NGUYEN THI MAI"],
  }],
];

const office = { procedure: "usage_organization", data: "usage_office", who: "sato", byHand: "all", search: { en: "usage organization" },
  check: { at: "user", wrong: { agent_cert_expiry: dayFromNow(-9) }, says: { en: "The certificate has expired." } },
  change: { org_phone: "0300000014" }, paper: ["0300000014"] };
const report = { procedure: "periodic_report", data: "periodic_report_office", who: "sato", byHand: ["report"], search: { ja: "定期報告" },
  check: { at: "confirm", wrong: { agent_cert_expiry: dayFromNow(-9) }, says: { ja: "期限" } },
  change: { report_accepted: "13" }, paper: ["13"] };

const certificate = { procedure: "authorized_employment", data: "authorized_employment_min", search: { en: "certificate of authorized employment" },
  check: { at: "confirm", wrong: { ae_expiry: dayFromNow(-4) }, says: { en: "The period of stay has expired." } },
  change: { ae_purpose: "転職先と市役所に出すため" }, paper: ["転職先と市役所に出すため"] };
const byMail = (number) => ({ procedure: "receipt_method", data: "receipt_method_mail", answers: { number }, search: { ja: "受領方法" }, byHand: "all",
  check: { at: "change", wrong: { number: "福オン認T00000013" }, says: { ja: "この番号の、受け取り方を変えられる申請がありません" } },
  change: { phone: "0312345679" }, paper: [number] });

describe("small procedures", { concurrency: 2 }, () => {
  for (const [name, how, story] of stories) test(`${story.procedure}, ${how.lang}${how.script === false ? ", no script" : ""}: ${name}`, () => live(on, how, story));

  test("authorized_employment, en, then receipt_method, ja, no script: asks for a certificate, and wants it by e-mail", async () => {
    const { receipt } = await live(on, desk, certificate);
    await live(on, phone, byMail(receipt.reference));
  });

  test("usage_organization, en, then periodic_report, ja, no script: an office is accepted, and reports", async () => {
    const { receipt } = await live(on, desk, office);
    assert.match(await on.portal.admin("usage", "list"), new RegExp(`^${receipt.reference}\t`, "m"));
    await on.portal.admin("usage", "accept", receipt.reference);
    await on.portal.mail(demo.sato, /Usage application accepted|利用申出を受け入れました/);
    await live(on, phone, report);
  });
});
