/* Drawing by clicks: a point, or an outline closed by a double click or Enter. Arrow keys move the map; with the map in focus, Enter
   on a corner sets it at the cross in the middle, so that no pointer is needed; Backspace takes the last corner back; Escape ends. */

const RADIUS = 6371008.8;

/** Area of a ring of [lon, lat] on the sphere, m²; for reading while drawing, never for money. */
export function areaOf(ring) {
  const rad = Math.PI / 180;
  let total = 0;
  for (let i = 0; i < ring.length; i += 1) {
    const [a, b] = [ring[i], ring[(i + 1) % ring.length]];
    total += (b[0] - a[0]) * rad * (2 + Math.sin(a[1] * rad) + Math.sin(b[1] * rad));
  }
  return Math.abs((total * RADIUS * RADIUS) / 2);
}

/** Length of a line of [lon, lat], metres. */
export function lengthOf(line) {
  const rad = Math.PI / 180;
  return line.slice(1).reduce((sum, to, i) => {
    const from = line[i];
    const [y1, y2] = [from[1] * rad, to[1] * rad];
    const half = Math.sin((y2 - y1) / 2) ** 2 + Math.cos(y1) * Math.cos(y2) * Math.sin(((to[0] - from[0]) * rad) / 2) ** 2;
    return sum + 2 * RADIUS * Math.asin(Math.sqrt(half));
  }, 0);
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

/** The drawing tool; `told` hears every change with (corners, kind, done). */
export function makeDrawing(map, told) {
  const tool = { kind: "", corners: [], done: false };
  const show = () => {
    map.getSource("drawing")?.setData(tool.data());
    told(tool);
  };
  const add = (lngLat) => {
    if (!tool.kind || tool.done) return;
    tool.corners.push([lngLat.lng, lngLat.lat]);
    tool.done = tool.kind === "point";
    show();
  };
  Object.assign(tool, {
    data: () => shapeOf(tool.corners, tool.kind),
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
