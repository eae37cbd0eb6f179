/* A shape drawn on a page of a file: each [data-draw] gets a map of the land in question, its tools, and the text it fills.
   The page's JSON script `land` says where: { bounds, feature, parcel, asset }. */

import { token } from "../tiles/engine.js";
import { crosses, makeDrawing } from "../tiles/draw.js";
import { mount, outlined } from "../tiles/smallmap.js";

const EMPTY = { type: "FeatureCollection", features: [] };

function land() {
  const holder = document.getElementById("land");
  return holder ? JSON.parse(holder.textContent) : {};
}

function drawingLayers() {
  const source = "drawing";
  return [
    { id: "drawing-fill", type: "fill", source, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": token("danger"), "fill-opacity": 0.3 } },
    { id: "drawing-case", type: "line", source, filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": token("pick-out"), "line-width": 4 } },
    { id: "drawing-line", type: "line", source, filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": token("danger"), "line-width": 2 } },
    {
      id: "drawing-point", type: "circle", source, filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-color": token("danger"), "circle-radius": 5, "circle-stroke-color": token("pick-in"), "circle-stroke-width": 1.6 },
    },
  ];
}

function geometryOf(corners, kind) {
  const round = ([lon, lat]) => [Number(lon.toFixed(8)), Number(lat.toFixed(8))];
  if (kind === "point") return { type: "Point", coordinates: round(corners[0]) };
  return { type: "Polygon", coordinates: [[...corners, corners[0]].map(round)] };
}

function given(text) {
  try {
    const shape = JSON.parse(text);
    return shape && typeof shape.type === "string" ? shape : null;
  } catch {
    return null;
  }
}

function corners(shape, found = []) {
  if (typeof shape?.[0] === "number") found.push(shape);
  else for (const part of shape ?? []) corners(part, found);
  return found;
}

function boxOf(shape) {
  const points = corners(shape.coordinates);
  const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)];
  return [[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]];
}

/* Ask the register how much of the land the shape takes; it answers in words and figures. */
function measure(root, text, where) {
  const target = root.querySelector("[data-measured]");
  if (!root.dataset.measuredAt || !text.value.trim()) {
    target.replaceChildren();
    return;
  }
  const form = text.form;
  const method = form.elements.method?.value ?? "";
  const sigma = form.elements.point_sigma_m?.value ?? "";
  const values = { geometry: text.value, parcel: where.parcel ?? "", asset: where.asset ?? "", method, point_sigma_m: sigma };
  window.htmx.ajax("POST", root.dataset.measuredAt, { source: root, target, values });
}

function wire(root, map, text, where) {
  const advice = root.querySelector("[data-advice]");
  const buttons = [...root.querySelectorAll("[data-tool]")];
  const words = (name) => advice.dataset[`words${name[0].toUpperCase()}${name.slice(1)}`];
  const told = (tool) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.tool === tool.kind));
    const crossing = tool.kind === "polygon" && tool.corners.length > 3 && crosses(tool.corners);
    advice.textContent = words(crossing ? "crossing" : tool.done ? "done" : tool.kind || (text.value ? "done" : "begin"));
    root.querySelector("[data-undo]").hidden = !tool.corners.length;
    root.querySelector("[data-finish]").hidden = tool.done || tool.kind !== "polygon" || tool.corners.length < 3;
    root.querySelector("[data-clear]").hidden = !text.value && !tool.corners.length;
    if (!tool.kind) return;
    text.value = tool.done && !crossing ? JSON.stringify(geometryOf(tool.corners, tool.kind)) : "";
    measure(root, text, where);
  };
  const tool = makeDrawing(map, told);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      tool.start(button.dataset.tool);
      map.getCanvas().focus();
    });
  }
  root.querySelector("[data-undo]").addEventListener("click", () => tool.undo());
  root.querySelector("[data-finish]").addEventListener("click", () => tool.finish());
  root.querySelector("[data-clear]").addEventListener("click", () => {
    text.value = "";
    tool.start("");
    root.querySelector("[data-measured]").replaceChildren();
  });
  text.addEventListener("change", () => {
    map.getSource("drawing").setData(given(text.value) ?? EMPTY);
    measure(root, text, where);
  });
  for (const name of ["method", "point_sigma_m"]) {
    text.form.elements[name]?.addEventListener("change", () => measure(root, text, where));
  }
  told(tool);
}

async function start(root) {
  const text = root.querySelector("textarea");
  const where = land();
  const shape = given(text.value);
  const map = await mount(root.querySelector("[data-drawmap]"), {
    bounds: where.bounds || (shape ? boxOf(shape) : ""),
    sources: {
      land: { type: "geojson", data: where.feature ?? EMPTY },
      drawing: { type: "geojson", data: shape ?? EMPTY },
    },
    layers: [...outlined("land"), ...drawingLayers()],
  });
  map.addControl(new globalThis.maplibregl.NavigationControl({ showCompass: false }), "top-left");
  const ready = () => {
    wire(root, map, text, where);
    if (shape) measure(root, text, where);
    root.dataset.ready = "true";
  };
  if (map.isStyleLoaded()) ready();
  else map.once("load", ready);
}

for (const root of document.querySelectorAll("[data-draw]")) start(root);
