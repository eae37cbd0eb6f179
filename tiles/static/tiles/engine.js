/* The one door to MapLibre: worker and Arabic shaping from this host, the bundled face, patterns drawn on a canvas.
   Pages carry <script type="application/json" id="tiles-engine"> ({% engine_settings %}) with the addresses of the vendored files. */

const FACE = "IBM Plex Sans Arabic";
const SAMPLE = "حوض الملقة 12/3";
let started = null;

/** What the page says of the engine: addresses of worker and shaping, direction, words. */
export function settings() {
  return JSON.parse(document.getElementById("tiles-engine").textContent);
}

function script(address) {
  return new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = address;
    tag.onload = resolve;
    tag.onerror = () => reject(new Error(address));
    document.head.append(tag);
  });
}

async function shaping(gl, address) {
  if (gl.getRTLTextPluginStatus() !== "unavailable") return;
  await gl.setRTLTextPlugin(new URL(address, location.href).href, false);
}

/** Load MapLibre once, with Arabic shaping and the bundled face ready; resolves to the library. */
export function ready() {
  started ??= (async () => {
    const given = settings();
    if (!globalThis.maplibregl) await script(given.library);
    const gl = globalThis.maplibregl;
    gl.setWorkerUrl(new URL(given.worker, location.href).href);
    await Promise.all([shaping(gl, given.shaping), document.fonts.load(`400 14px "${FACE}"`, SAMPLE)]);
    return gl;
  })();
  return started;
}

/** Whether the page stands on the dark surface. */
export function isDark() {
  return document.documentElement.dataset.bsTheme === "dark";
}

/** A colour of the design by its token's name. */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const STROKES = {
  hatch: [[-1, 1, 0, 0], [0, 1, 1, 0], [1, 1, 2, 0]],
  cross: [[-1, 1, 0, 0], [0, 1, 1, 0], [1, 1, 2, 0], [-1, 0, 0, 1], [0, 0, 1, 1], [1, 0, 2, 1]],
};
const INK = { hatch: ["#ffffff", "#ffffff"], dots: ["#1b1206", "#000000"], cross: ["#1b1206", "#000000"] };
const SIDE = 12;

function lines(pen, strokes) {
  for (const [x1, y1, x2, y2] of strokes) {
    pen.beginPath();
    pen.moveTo(x1 * SIDE, y1 * SIDE);
    pen.lineTo(x2 * SIDE, y2 * SIDE);
    pen.stroke();
  }
}

function dots(pen) {
  for (const [x, y] of [[3, 3], [9, 9]]) {
    pen.beginPath();
    pen.arc(x, y, 1.5, 0, 7);
    pen.fill();
  }
}

/** A pattern that repeats: hatch (encroached), dots (regularising), cross (disputed). */
export function pattern(kind, dark = isDark(), scale = 2) {
  const canvas = document.createElement("canvas");
  canvas.width = SIDE * scale;
  canvas.height = SIDE * scale;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  pen.strokeStyle = INK[kind][dark ? 1 : 0];
  pen.fillStyle = pen.strokeStyle;
  pen.lineWidth = 1.6;
  if (kind === "dots") dots(pen);
  else lines(pen, STROKES[kind]);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function supply(map) {
  map.on("styleimagemissing", ({ id }) => {
    const kind = id.replace(/^p-/, "");
    if (INK[kind] && !map.hasImage(id)) map.addImage(id, pattern(kind), { pixelRatio: 2 });
  });
}

/** Say which animations a person wants: none where motion is to be reduced. */
export function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Make a map in an element; the rest are MapLibre's own options. */
export async function create(container, options) {
  const gl = await ready();
  const map = new gl.Map({
    container,
    attributionControl: false,
    fadeDuration: calm() ? 0 : 160,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxZoom: 21,
    locale: settings().words,
    canvasContextAttributes: { preserveDrawingBuffer: true },
    ...options,
  });
  map.touchZoomRotate.disableRotation();
  supply(map);
  return map;
}

/** Four numbers "west,south,east,north" as MapLibre's bounds, or null. */
export function bounds(text) {
  const [west, south, east, north] = (text ?? "").split(",").map(Number);
  return [west, south, east, north].every(Number.isFinite) && text ? [[west, south], [east, north]] : null;
}

/** Go to bounds: smoothly when they are near, at once when far or when motion is to be reduced. */
export function go(map, box, options = {}) {
  const near = map.getBounds().contains(box[0]) || map.getBounds().contains(box[1]);
  map.fitBounds(box, { maxZoom: 17, padding: 40, duration: near && !calm() ? 400 : 0, ...options });
}
