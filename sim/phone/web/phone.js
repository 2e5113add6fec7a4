/* What is nicer with script. Nothing here is needed: every screen works without it. */
"use strict";

const byId = (id) => document.getElementById(id);
const show = (element, on) => { element.hidden = !on; };

/* The pad for digits. The field stays what it is: it can be typed in, pasted into, and read by a screen reader. */
function pad(box, field) {
  const press = (key) => {
    field.value = key === "" ? field.value.slice(0, -1) : (field.value + key).slice(0, 4);
  };
  for (const key of ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0"]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = key || "⌫";
    if (!key) button.setAttribute("aria-label", box.dataset.delete);
    button.addEventListener("click", () => press(key));
    box.append(button);
  }
  show(box, true);
}

function reveal(label, field) {
  label.querySelector("input").addEventListener("change", (event) => { field.type = event.target.checked ? "text" : "password"; });
  show(label, true);
}

/* A picture from the clipboard goes the way of a chosen one. */
function paste(form) {
  document.addEventListener("paste", (event) => {
    const file = [...event.clipboardData.files].find(({ type }) => /^image\/(png|jpeg)$/.test(type));
    if (!file) return;
    event.preventDefault();
    const list = new DataTransfer();
    list.items.add(file);
    byId("image").files = list.files;
    form.requestSubmit();
  });
}

/* Twice a second a picture of the camera is looked at, until there is a code in it. */
function camera(box, form) {
  if (!navigator.mediaDevices?.getUserMedia) return;
  const view = byId("view"), open = byId("camera-open"), stop = byId("camera-stop"), canvas = document.createElement("canvas");
  let stream = null;
  const end = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    for (const [element, on] of [[view, false], [byId("camera-hint"), false], [stop, false], [open, true]]) show(element, on);
  };
  const look = async () => {
    if (!stream) return;
    canvas.width = view.videoWidth;
    canvas.height = view.videoHeight;
    canvas.getContext("2d").drawImage(view, 0, 0);
    const picture = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
    const body = new FormData(form);
    if (picture && stream) {
      body.set("image", picture, "frame.jpg");
      const answer = await fetch("/frame", { method: "POST", body });
      if (answer.ok && await answer.text() !== "/") {
        end();
        location.reload();
        return;
      }
    }
    setTimeout(look, 500);
  };
  open.addEventListener("click", async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      show(byId("camera-none"), true);
      return;
    }
    view.srcObject = stream;
    for (const [element, on] of [[view, true], [byId("camera-hint"), true], [stop, true], [open, false], [byId("camera-none"), false]]) show(element, on);
    await view.play();
    look();
  });
  stop.addEventListener("click", end);
  show(box, true);
}

/* The time that is left, and where the phone is. */
function wait(left) {
  const until = Date.now() + Number(left.dataset.left) * 1000;
  const words = left.firstChild && [...left.childNodes];
  setInterval(() => {
    const seconds = String(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    for (const node of words) if (node.nodeType === Node.TEXT_NODE && /\d/.test(node.data)) node.data = node.data.replace(/\d+/, seconds);
  }, 1000);
  setInterval(async () => {
    const answer = await fetch("/step").catch(() => null);
    if (answer?.ok && await answer.text() !== "/code") location.reload();
  }, 700);
}

if (byId("pad")) pad(byId("pad"), byId("secret"));
if (byId("show")) reveal(byId("show"), byId("secret"));
if (byId("image-form")) paste(byId("image-form"));
if (byId("camera")) camera(byId("camera"), byId("image-form"));
if (byId("left")) wait(byId("left"));
