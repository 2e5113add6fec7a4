/*
 * The facial photo: what was chosen is shown at once, and the part that goes with the application is moved with a finger, the mouse, sliders or buttons.
 * Without script the buttons do the same, one step a page.
 */

const clamp = (value, least, most) => Math.max(least, Math.min(value, most));

function preview(input) {
  const canvas = input.closest("[data-document]")?.querySelector("canvas.preview"), file = input.files[0];
  if (!canvas) return;
  canvas.hidden = true;
  if (!file) return;
  createImageBitmap(file).then((bitmap) => {
    const n = Math.min(bitmap.width / 3, bitmap.height / 4);
    canvas.getContext("2d").drawImage(bitmap, (bitmap.width - 3 * n) / 2, (bitmap.height - 4 * n) / 2, 3 * n, 4 * n, 0, 0, canvas.width, canvas.height);
    canvas.hidden = false;
    bitmap.close();
  }).catch(() => {}); /* no picture: the counter says why */
}

class Cut {
  constructor(form, image) {
    const number = (name) => Number(form.dataset[name]);
    Object.assign(this, { form, image, full: { width: number("width"), height: number("height") }, least: number("least"), fingers: new Map() });
    this.most = 3 * Math.min(Math.floor(this.full.width / 3), Math.floor(this.full.height / 4));
    this.canvas = form.querySelector("canvas");
    const field = (name) => form.elements.namedItem(name);
    this.fields = { x: field("x"), y: field("y"), width: field("width") };
    this.sliders = { zoom: form.querySelector("#cut-zoom"), x: form.querySelector("#cut-x"), y: form.querySelector("#cut-y") };
    Object.assign(this, { x: Number(this.fields.x.value), y: Number(this.fields.y.value), width: Number(this.fields.width.value) });
    for (const part of [this.canvas, form.querySelector(".sliders"), form.querySelector(".use")]) part.hidden = false;
    form.querySelector(".cut-result").hidden = true;
    this.listen();
    this.set(this.x, this.y, this.width);
  }

  get height() { return (this.width / 3) * 4; }

  set(x, y, width) {
    this.width = clamp(3 * Math.round(width / 3), this.least, this.most);
    this.x = Math.round(clamp(x, 0, this.full.width - this.width));
    this.y = Math.round(clamp(y, 0, this.full.height - this.height));
    for (const name of ["x", "y", "width"]) this.fields[name].value = this[name];
    const { zoom, x: across, y: down } = this.sliders;
    across.max = this.full.width - this.width;
    across.value = this.x;
    down.max = this.full.height - this.height;
    down.value = this.y;
    across.step = down.step = Math.max(1, Math.round(this.width / 40));
    across.value = this.x;
    if (document.activeElement !== zoom) zoom.value = this.most > this.least ? ((this.most - this.width) * 100) / (this.most - this.least) : 0;
    this.canvas.getContext("2d").drawImage(this.image, this.x, this.y, this.width, this.height, 0, 0, this.canvas.width, this.canvas.height);
  }

  /* Around the middle. */
  zoom(width) {
    const to = clamp(width, this.least, this.most);
    this.set(this.x + (this.width - to) / 2, this.y + ((this.width - to) / 3) * 2, to);
  }

  step(move) {
    const by = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] }[move];
    if (by) this.set(this.x + (by[0] * this.width) / 8, this.y + (by[1] * this.height) / 8, this.width);
    else this.zoom(this.width * (move === "closer" ? 0.9 : 1.1));
  }

  listen() {
    const { zoom, x, y } = this.sliders;
    zoom.addEventListener("input", () => this.zoom(this.most - ((this.most - this.least) * zoom.value) / 100));
    for (const slider of [x, y]) slider.addEventListener("input", () => this.set(Number(x.value), Number(y.value), this.width));
    for (const button of this.form.querySelectorAll(".moves button")) {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        this.step(button.value);
      });
    }
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.fingers.set(event.pointerId, event);
    });
    for (const name of ["pointerup", "pointercancel"]) this.canvas.addEventListener(name, (event) => this.fingers.delete(event.pointerId));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
  }

  move(event) {
    const before = this.fingers.get(event.pointerId), others = [...this.fingers.values()].filter((one) => one.pointerId !== event.pointerId);
    if (!before) return;
    this.fingers.set(event.pointerId, event);
    if (others.length === 1) {
      const apart = (one) => Math.hypot(one.clientX - others[0].clientX, one.clientY - others[0].clientY);
      if (apart(event) > 0) this.zoom((this.width * apart(before)) / apart(event));
    } else if (others.length === 0) {
      const scale = this.width / this.canvas.clientWidth;
      this.set(this.x - (event.clientX - before.clientX) * scale, this.y - (event.clientY - before.clientY) * scale, this.width);
    }
  }
}

function begin() {
  const form = document.getElementById("cut");
  if (!form || form.dataset.begun) return;
  form.dataset.begun = "yes";
  const image = new Image();
  image.onload = () => new Cut(form, image);
  image.src = form.dataset.whole;
}

document.addEventListener("change", (event) => { if (event.target.type === "file") preview(event.target); });
document.addEventListener("files-shown", begin);
begin();
