// What is asked of every page, beyond what axe sees. Each check runs in the page and answers the faults it finds.

/** All that needs no key press. */
export function shape({ lang }) {
  const faults = [], say = (what, e) => faults.push(`${what}: ${e ? e.outerHTML.slice(0, 160) : ""}`);
  const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().width > 1;

  if (document.documentElement.lang !== lang) faults.push(`html lang is ${document.documentElement.lang}`);
  if (document.querySelectorAll("h1").length !== 1) faults.push(`${document.querySelectorAll("h1").length} h1`);
  if (!document.title.includes(" – ")) faults.push(`title ${document.title}`);
  if (document.documentElement.scrollWidth > innerWidth) {
    const wide = [...document.querySelectorAll("main *, header *, footer *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && seen(e)).at(-1);
    say(`scrolls sideways, ${document.documentElement.scrollWidth} of ${innerWidth}`, wide);
  }

  /* WCAG 2.5.8: 24 px, except links inside a sentence. */
  const inSentence = (e) => e.tagName === "A" && getComputedStyle(e).display === "inline" && e.parentElement.textContent.trim().length > e.textContent.trim().length + 1;
  for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    if (!seen(e) || e.closest(".sr, .skip") || inSentence(e)) continue;
    const box = ((e.type === "radio" || e.type === "checkbox") && e.closest("label") ? e.closest("label") : e).getBoundingClientRect();
    if (box.height < 23.5 || box.width < 23.5) say(`target of ${Math.round(box.width)}×${Math.round(box.height)} px`, e);
  }

  /* WCAG 3.1.2: Japanese in an English page says so. */
  if (lang !== "ja") {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode, e = node.parentElement;
      if (e.closest("script, style, option, textarea, pre") || !/[\u3041-\u30ff\u3400-\u9fff]/.test(node.data)) continue;
      if (e.closest("[lang]").lang !== "ja") faults.push(`Japanese without lang: ${node.data.trim().slice(0, 60)} in ${e.outerHTML.slice(0, 100)}`);
    }
  }

  /* What describes and what is linked is there. */
  for (const e of document.querySelectorAll("[aria-describedby], [aria-labelledby], [aria-controls]")) {
    for (const name of ["aria-describedby", "aria-labelledby", "aria-controls"]) {
      for (const id of (e.getAttribute(name) ?? "").split(" ").filter(Boolean)) if (!document.getElementById(id)) say(`${name}=${id} leads nowhere`, e);
    }
  }
  for (const e of document.querySelectorAll("a[href^='#']")) {
    const id = decodeURIComponent(e.getAttribute("href").slice(1));
    if (id && !document.getElementById(id)) say("a link to nowhere", e);
  }
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of ids.filter((one, i) => ids.indexOf(one) !== i)) faults.push(`id twice: ${id}`);

  /* No text is cut off by its box. */
  for (const e of document.querySelectorAll("main h1, main h2, main a.button, main button.button, main label, main legend, main dt, main dd, .chip, .state")) {
    if (seen(e) && !e.closest(".sr") && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline" && getComputedStyle(e).overflow !== "visible") say("text is cut", e);
  }
  return faults;
}
