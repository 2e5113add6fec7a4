// Chromium without a window, and people who use it: one context is one device of one person.

import { chromium } from "playwright-core";

const switches = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

/** The browser that people install, and its engine by itself, which needs half the time for a page. */
export const desktop = "/usr/bin/chromium", engine = "/usr/bin/chromium-headless-shell";

class Browser {
  constructor(browser, base) {
    Object.assign(this, { browser, base, faults: [] });
  }

  /** A device: language ja or en, with or without script, and the width of its screen. */
  async device({ lang = "en", script = true, width = 1280, ...more } = {}) {
    const context = await this.browser.newContext({
      baseURL: this.base, locale: lang === "ja" ? "ja-JP" : "en-GB", timezoneId: "Asia/Tokyo", javaScriptEnabled: script,
      viewport: { width, height: width < 600 ? 740 : 900 }, hasTouch: width < 600, isMobile: false, ...more,
    });
    context.setDefaultTimeout(30000);
    context.on("weberror", (error) => this.faults.push(`script: ${error.error()}`));
    // A refused page is an answer, not a fault; what the content security policy stops is one.
    context.on("console", (message) => {
      if (message.type() === "error" && !/Failed to load resource/.test(message.text())) this.faults.push(`console: ${message.text()}`);
    });
    return Object.assign(await context.newPage(), { lang, script, width });
  }

  async close() {
    await this.browser.close();
    if (this.faults.length > 0) throw new Error(`in the browser:\n  ${this.faults.join("\n  ")}`);
  }
}

export async function openBrowser(base, program = engine) {
  return new Browser(await chromium.launch({ executablePath: program, args: switches }), base);
}
