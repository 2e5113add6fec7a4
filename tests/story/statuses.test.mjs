// Long applications, one for each of the statuses that most people ask for: the first questions decide which pages follow. In turn with
// script at a desk in English and without script on a phone in Japanese; the way into a job as an engineer is filled in all by hand.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dayFromNow } from "./lib/form.mjs";
import { stage } from "./lib/stage.mjs";
import { live } from "./lib/tale.mjs";

const on = stage({ people: true });
const desk = { lang: "en", width: 1280 }, phone = { lang: "ja", script: false, width: 360 };

/** What the page of the points says of the total. */
async function points(person, draft) {
  await person.go(`${draft}/sections/x_points?check=1`);
  const total = person.form.fieldOf("x_total");
  return (await person.main().getByRole("status", { name: new RegExp(`^${total.no ? `${total.no} ` : ""}${total[person.lang]}`) }).innerText()).trim();
}

const stories = [
  ["Engineer / Specialist in Humanities: a student takes up a job, all by hand", desk, {
    procedure: "change", data: "change_engineer", search: { en: "change status work engineer" }, byHand: "all",
    check: { at: "n_history", wrong: { "n_job.0.from": "202504" }, says: { en: "It ends before it begins." } },
    change: { n_work_phone: "0970000012" }, paper: ["NGUYEN THI MAI", "株式会社あおぞら翻訳"],
  }],
  ["Student: an extension, with re-entry and work beside the studies", phone, {
    procedure: "extension", data: "extension_student_concurrent", search: { ja: "在留期間 更新" }, byHand: ["concurrent", "concurrent_common"],
    check: { at: "confirm", wrong: { receipt_card: "mail" }, says: { ja: "「窓口」を選択してください" } },
    change: { ea_hours: "24" }, paper: ["喫茶あおぞら", "NGUYEN THI MAI"],
  }],
  ["Specified Skilled Worker: after technical intern training", phone, {
    procedure: "change", data: "change_specified_skilled", search: { ja: "特定技能" }, byHand: ["v_skill"],
    check: { at: "confirm", wrong: { expiry_current: dayFromNow(-2) }, says: { ja: "在留期間" } },
    change: { v_org_phone: "0970000013" }, paper: ["株式会社あおぞら農園"],
  }],
  ["Spouse of Japanese: an extension", desk, {
    procedure: "extension", data: "extension_spouse", search: { en: "extend spouse" }, byHand: ["t_family"],
    check: { at: "confirm", wrong: { t_jp_date: dayFromNow(9) }, says: { en: "future" } },
    change: { t_guarantor_occupation: "会社役員" }, paper: ["NGUYEN THI MAI", "会社役員"],
  }],
  ["Dependent: an extension", phone, {
    procedure: "extension", data: "extension_dependent", search: { ja: "家族滞在 更新" }, byHand: ["r_supporter"],
    check: { at: "confirm", wrong: { r_sup_expiry: dayFromNow(-9) }, says: { ja: "満了" } },
    change: { r_sup_work: "株式会社あおぞら通訳" }, paper: ["TRAN VAN BINH", "株式会社あおぞら通訳"],
  }],
  ["Highly-Skilled Professional: a certificate of eligibility, handed in by a scrivener, with its points", desk, {
    procedure: "coe", data: "coe_highly_skilled", who: "sato", search: { en: "certificate of eligibility highly skilled" },
    check: { at: "confirm", wrong: { entry_date: dayFromNow(-9) }, says: { en: "past" } },
    change: { visa_place: "デリー" }, paper: ["RAO ANJALI", "デリー"],
    async look(person, draft, answers) {
      assert.equal(await points(person, draft), "80 points");
      /* Fewer points: the sum follows, and the counter warns, though it takes the application. */
      await person.go(`${draft}/sections/x_background`);
      await person.fillSection({ x_edu_b: "p10_bachelor", x_career_b: "p5_3y" });
      assert.equal(await points(person, draft), "55 points");
      await person.sees("At least 70 points are needed.");
      await person.go(`${draft}/confirm`);
      await person.sees("At least 70 points are needed.");
      await person.go(`${draft}/sections/x_background`);
      await person.fillSection({ x_edu_b: answers.x_edu_b, x_career_b: answers.x_career_b });
      assert.equal(await points(person, draft), "80 points");
      assert.equal(await person.main().getByText("At least 70 points are needed.").count(), 0);
    },
  }],
];

describe("statuses", { concurrency: 2 }, () => {
  for (const [name, how, story] of stories) test(`${story.procedure}, ${how.lang}${how.script === false ? ", no script" : ""}: ${name}`, () => live(on, how, story));
});
