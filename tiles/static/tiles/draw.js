/* Drawing by clicks: a point, or an outline closed by a double click or Enter. Arrow keys move the map; with the map in focus, Enter
   on a corner sets it at the cross in the middle, so that no pointer is needed; Backspace takes the last corner back; Escape ends. */

const RAD = Math.PI / 180;
const A = 6378137;
const F = 1 / 298.257223563;
const E2 = F * (2 - F);
const STEP_DEGREES = 0.2;

/* Snyder's q: the sine of the authalic latitude times its value at the pole. */
function authalic(lat) {
  const e = Math.sqrt(E2);
  const sin = Math.sin(lat * RAD);
  return (1 - E2) * (sin / (1 - E2 * sin * sin) + Math.atanh(e * sin) / e);
}

/** Area of a ring of [lon, lat] on the ellipsoid of WGS 84, m²; for reading while drawing, never for money. */
export function areaOf(ring) {
  // Counted from the first corner on: a small ring far from the equator keeps all its digits.
  const [lon0, lat0] = ring[0];
  const q0 = authalic(lat0);
  const flat = ring.map(([lon, lat]) => [(lon - lon0) * RAD, authalic(lat) - q0]);
  const twice = flat.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = flat[(i + 1) % flat.length];
    return sum + x * nextY - nextX * y;
  }, 0);
  return (Math.abs(twice) / 4) * A * A;
}

/* Length of a short side by the radii of curvature at its middle, metres. */
function side([lon1, lat1], [lon2, lat2]) {
  const sin = Math.sin(((lat1 + lat2) / 2) * RAD);
  const w = Math.sqrt(1 - E2 * sin * sin);
  const north = ((A * (1 - E2)) / w ** 3) * (lat2 - lat1) * RAD;
  const east = (A / w) * Math.sqrt(1 - sin * sin) * (lon2 - lon1) * RAD;
  return Math.hypot(north, east);
}

/** Length of a line of [lon, lat] on the ellipsoid, metres; a long side is walked in parts. */
export function lengthOf(line) {
  return line.slice(1).reduce((sum, [lon, lat], i) => {
    const [lon0, lat0] = line[i];
    const parts = Math.max(1, Math.ceil(Math.max(Math.abs(lon - lon0), Math.abs(lat - lat0)) / STEP_DEGREES));
    const at = (k) => [lon0 + ((lon - lon0) * k) / parts, lat0 + ((lat - lat0) * k) / parts];
    let total = sum;
    for (let k = 0; k < parts; k += 1) total += side(at(k), at(k + 1));
    return total;
  }, 0);
}

const SAHM_M2 = 25205 / 6 / 576;

/** The area in feddan, qirat and whole sahm. */
export function ledgerOf(m2) {
  const sahm = Math.round(m2 / SAHM_M2);
  return [Math.floor(sahm / 576), Math.floor((sahm % 576) / 24), sahm % 24];
}

/** The GeoJSON of corners, as far as they go. */
export function shapeOf(corners, kind) {
  const features = corners.map((coordinates) => ({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates } }));
  if (kind !== "point" && corners.length > 1) {
    const closed = kind === "polygon" && corners.length > 2;
    const geometry = closed ? { type: "Polygon", coordinates: [[...corners, corners[0]]] } : { type: "LineString", coordinates: corners };
    features.push({ type: "Feature", properties: {}, geometry });
  }
  return { type: "FeatureCollection", features };
}

/** Corners as the text other pages take: POINT(lon lat) or POLYGON((…)), eight decimals. */
export function asText(corners) {
  const pair = ([lon, lat]) => `${lon.toFixed(8)} ${lat.toFixed(8)}`;
  return corners.length < 3 ? `POINT(${pair(corners[0])})` : `POLYGON((${[...corners, corners[0]].map(pair).join(",")}))`;
}

/** Say whether two sides of an outline cross. */
export function crosses(corners) {
  const turn = (a, b, c) => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
  const n = corners.length;
  for (let i = 0; i < n; i += 1) {
    for (let j = i + 2; j < n; j += 1) {
      if (i === 0 && j === n - 1) continue;
      const [a, b, c, d] = [corners[i], corners[(i + 1) % n], corners[j], corners[(j + 1) % n]];
      if (turn(a, b, c) !== turn(a, b, d) && turn(c, d, a) !== turn(c, d, b)) return true;
    }
  }
  return false;
}

/** The drawing tool; `told` hears every change with (corners, kind, done); `tool.snap` may put a point on what lies near. */
export function makeDrawing(map, told) {
  const tool = { kind: "", corners: [], done: false, extra: [], snap: null };
  const show = () => {
    map.getSource("drawing")?.setData(tool.data());
    told(tool);
  };
  const add = (lngLat) => {
    if (!tool.kind || tool.done) return;
    const here = [lngLat.lng, lngLat.lat];
    tool.corners.push(tool.snap?.(here) ?? here);
    tool.done = tool.kind === "point";
    show();
  };
  Object.assign(tool, {
    data() {
      const { features } = shapeOf(tool.corners, tool.kind);
      return { type: "FeatureCollection", features: [...tool.extra, ...features] };
    },
    /** Show other features beside what is drawn: a preview. */
    also(features) {
      tool.extra = features;
      show();
    },
    /** Put corners in place of the last ones: a way that was traced. */
    splice(from, corners) {
      tool.corners.splice(from, tool.corners.length - from, ...corners);
      show();
    },
    start(kind) {
      Object.assign(tool, { kind, corners: [], done: false });
      map.doubleClickZoom[kind ? "disable" : "enable"]();
      map.getContainer().classList.toggle("drawing", Boolean(kind));
      show();
    },
    undo() {
      if (tool.done && tool.kind !== "point") tool.done = false;
      else tool.corners.pop();
      if (!tool.corners.length) tool.done = false;
      show();
    },
    finish() {
      if (tool.corners.length < (tool.kind === "polygon" ? 3 : 2)) return;
      tool.done = true;
      show();
    },
    addMiddle: () => add(map.getCenter()),
  });
  map.on("click", (event) => add(event.lngLat));
  map.on("dblclick", () => {
    if (!tool.kind || tool.done) return;
    tool.corners.pop(); // the second click of the pair has set the same corner again
    tool.finish();
  });
  map.getContainer().addEventListener("keydown", (event) => onKey(event, tool));
  return tool;
}

function onKey(event, tool) {
  if (!tool.kind) return;
  const act = { Enter: event.shiftKey ? tool.finish : tool.addMiddle, Backspace: tool.undo, Escape: () => tool.start("") }[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}
