/* The map on paper: what is in view as a still picture with grid ticks, beside legend, scale and north. */

import { isDark } from "../../tiles/engine.js";
import { toBelt } from "../../tiles/projection.js";
import { metresPerPixel, scaleOf } from "./coordinates.js";

const SHARP = 2.5;
const COARSEST = 60; // metres to a pixel; beyond, the grid's lines bend too much for ticks
const MARK = 9;

/* Round values of a straight run from `from` to `to`, each with where it lies (0 to 1). */
function ticksOf(from, to, most = 6) {
  const rough = Math.abs(to - from) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((each) => each * power >= rough);
  const first = Math.ceil(Math.min(from, to) / step) * step;
  const found = [];
  for (let value = first; value <= Math.max(from, to); value += step) found.push({ value, at: (value - from) / (to - from) });
  return found;
}

function written(pen, text, x, y, align) {
  pen.textAlign = align;
  pen.lineWidth = 3;
  pen.strokeText(text, x, y);
  pen.fillText(text, x, y);
}

function mark(pen, x, y, across, up) {
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x + across, y + up);
  pen.save();
  pen.strokeStyle = "#000";
  pen.stroke();
  pen.restore();
}

/* Ticks of the belt's grid along the foot and the left edge, where a paper map has them. */
function drawTicks(pen, map, wide, high) {
  const corner = (x, y) => {
    const { lng, lat } = map.unproject([x, y]);
    return [lng, lat];
  };
  const { code, e, n } = toBelt(...corner(0, high));
  const right = toBelt(...corner(wide, high), code);
  const top = toBelt(...corner(0, 0), code);
  for (const { value, at } of ticksOf(e, right.e)) {
    mark(pen, at * wide, high, 0, -MARK);
    written(pen, `${value.toLocaleString("en-US")} E`, at * wide, high - MARK - 4, "center");
  }
  for (const { value, at } of ticksOf(n, top.n)) {
    const y = high - at * high;
    if (y < high - 30) {
      mark(pen, 0, y, MARK, 0);
      written(pen, `${value.toLocaleString("en-US")} N`, MARK + 4, y + 4, "left");
    }
  }
  return code;
}

/** Draw what is in view onto the sheet's canvas; returns the belt its ticks are in, or nothing. */
export function paint(map, target) {
  const seen = map.getCanvas();
  const [wide, high] = [seen.clientWidth, seen.clientHeight];
  target.width = seen.width;
  target.height = seen.height;
  const pen = target.getContext("2d");
  pen.drawImage(seen, 0, 0);
  pen.scale(seen.width / wide, seen.height / high);
  Object.assign(pen, { font: '11px "IBM Plex Sans Arabic"', fillStyle: "#000", strokeStyle: "#fff", lineJoin: "round", direction: "ltr" });
  return metresPerPixel(map) < COARSEST ? drawTicks(pen, map, wide, high) : "";
}

function lay(map, root, store, words) {
  const sheet = root.querySelector("[data-printed]");
  const code = paint(map, sheet.querySelector("canvas"));
  const { metres, pixels } = scaleOf(metresPerPixel(map), map.getCanvas().clientWidth / 4);
  sheet.querySelector("[data-printed-bar]").style.width = `${((100 * pixels) / map.getCanvas().clientWidth).toFixed(2)}%`;
  sheet.querySelector("[data-printed-scale]").textContent = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
  sheet.querySelector("[data-printed-grid]").textContent = code ? `${words.belts[code]} · EPSG:${code}` : "";
  sheet.querySelector("[data-printed-link]").textContent = location.href;
  sheet.querySelector("[data-printed-day]").textContent = store.day ? store.day.split("-").reverse().join("/") : words.today;
  const past = root.querySelector("[data-past]"); // which of the two questions the paper answers
  sheet.querySelector("[data-printed-past]").textContent = past.hidden ? "" : past.querySelector("[data-past-said]").textContent;
  const legend = root.querySelector("[data-legend]");
  sheet.querySelector("[data-printed-theme]").textContent = legend.querySelector("[data-legend-title]").textContent;
  sheet.querySelector("[data-printed-legend]").replaceChildren(...[...legend.querySelectorAll("[data-lines]>li")].map((line) => line.cloneNode(true)));
}

/** Wire printing; returns what the print button does: a sharper picture in the colours of paper first, then the browser's own
    dialog. `relight(mode)` changes the surface the map is drawn for. */
export function startPrint(map, root, store, words, relight) {
  let ready = false;
  const onPaper = () => matchMedia("print").matches; // laid out already: what was drawn before stays
  window.addEventListener("beforeprint", () => { if (!ready && !onPaper()) lay(map, root, store, words); });
  return async () => {
    const usual = map.getPixelRatio();
    const dark = isDark();
    if (dark) await relight("light");
    map.setPixelRatio(Math.max(SHARP, usual));
    map.triggerRepaint();
    await map.once("idle");
    lay(map, root, store, words);
    ready = true;
    try {
      window.print();
    } finally {
      ready = false;
      map.setPixelRatio(usual);
      if (dark) await relight("dark");
    }
  };
}
