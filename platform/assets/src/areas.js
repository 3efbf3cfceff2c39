// Parts of a photograph marked with a finger or a mouse: <div data-areas>. The numbers of the form are the truth; this
// draws them on the picture, and writes them from it.
import { onPage } from "./page.js";

const SIDES = ["left", "top", "width", "height"];
const rowsOf = (box) => [...box.querySelectorAll("[data-area]")];
const inputOf = (row, side) => row.querySelector(`[name=${side}]`);
const read = (row) => Object.fromEntries(SIDES.map((side) => [side, Number.parseFloat(inputOf(row, side).value.replace(",", "."))]));
const isBlank = (row) => SIDES.every((side) => !inputOf(row, side).value.trim());
const written = (value) => (Math.round(value * 10) / 10).toString().replace(".", ",");

function write(row, area) {
  for (const side of SIDES) inputOf(row, side).value = area ? written(area[side]) : "";
}

function place(mark, area) {
  for (const side of SIDES) mark.style[side] = `${area[side]}%`;
}

function draw(box, picture) {
  picture.querySelectorAll(".marking__mark:not(.marking__mark--kept)").forEach((mark) => mark.remove());
  rowsOf(box).forEach((row, index) => {
    const area = read(row);
    if (!SIDES.every((side) => Number.isFinite(area[side]))) return;
    const mark = document.createElement("button");
    mark.type = "button";
    mark.className = "marking__mark";
    mark.setAttribute("aria-label", `Quitar la zona ${index + 1}`);
    mark.addEventListener("click", () => {
      write(row, null);
      draw(box, picture);
    });
    place(mark, area);
    picture.append(mark);
  });
}

function start(box, picture) {
  let from = null;
  let drawing = null;
  const at = (event) => {
    const frame = picture.getBoundingClientRect();
    const share = (value, size) => Math.min(100, Math.max(0, (100 * value) / size));
    return { x: share(event.clientX - frame.left, frame.width), y: share(event.clientY - frame.top, frame.height) };
  };
  const between = (one, two) => ({
    left: Math.min(one.x, two.x),
    top: Math.min(one.y, two.y),
    width: Math.abs(one.x - two.x),
    height: Math.abs(one.y - two.y),
  });
  picture.addEventListener("pointerdown", (event) => {
    if (event.button || event.target.closest(".marking__mark:not(.marking__mark--kept)")) return;
    event.preventDefault();
    picture.setPointerCapture(event.pointerId);
    from = at(event);
    drawing = document.createElement("span");
    drawing.className = "marking__mark";
    picture.append(drawing);
    place(drawing, between(from, from));
  });
  picture.addEventListener("pointermove", (event) => {
    if (from) place(drawing, between(from, at(event)));
  });
  const stop = (event) => {
    if (!from) return;
    const area = between(from, at(event));
    from = null;
    drawing.remove();
    if (event.type === "pointerup" && area.width >= 1 && area.height >= 1) {
      const rows = rowsOf(box);
      write(rows.find(isBlank) ?? rows.at(-1), area);
    }
    draw(box, picture);
  };
  picture.addEventListener("pointerup", stop);
  picture.addEventListener("pointercancel", stop);
  box.addEventListener("input", () => draw(box, picture));
  draw(box, picture);
}

onPage((root) => {
  for (const box of root.querySelectorAll("[data-areas]")) {
    const picture = box.querySelector("[data-areas-picture]");
    if (!picture || picture.dataset.ready) continue;
    picture.dataset.ready = "1";
    for (const mark of picture.querySelectorAll("[data-mark]")) {
      const [left, top, width, height] = mark.dataset.mark.split(" ").map(Number);
      place(mark, { left, top, width, height });
    }
    start(box, picture);
  }
});
