/* The style on the map is a function of the served style and the state: filters on tiles, what is hidden, what is picked. */

import { token } from "../../tiles/engine.js";

const CARRIED = ["status", "on", "known"];
const NONE = "00000000-0000-0000-0000-000000000000";

function hidden(state) {
  return new Set(state.off.split(",").filter(Boolean));
}

/* The layer of data a drawn layer belongs to: "parcels" for parcels-fill. */
function ownerOf(layer, names) {
  return names.find((name) => layer.source === name) ?? "";
}

function narrowed(sources, meta, state) {
  const filtered = { ...sources };
  for (const { name, filters } of meta) {
    const query = new URLSearchParams(CARRIED.filter((key) => state[key] && filters.includes(key)).map((key) => [key, state[key]]));
    if (!query.size || !filtered[name]) continue;
    filtered[name] = { ...filtered[name], tiles: filtered[name].tiles.map((address) => `${address}?${query}`) };
  }
  return filtered;
}

/* Counts by place are those of one layer: the first that is shown and counted. */
function counting(meta, off) {
  return meta.find(({ name, counted }) => counted && !off.has(name))?.name;
}

function shown(layer, { names, off, counted }, base) {
  if (layer.source?.startsWith("ortho-") || layer.id === "base") return layer.source === base || layer.id === base;
  const owner = ownerOf(layer, names);
  const byPlace = /_(places|counts)$/.test(layer["source-layer"] ?? "");
  return !off.has(owner) && (!byPlace || owner === counted);
}

/** The picked thing: a yellow line in an ink casing. */
function picked(meta, id) {
  const round = { "line-join": "round" };
  return meta.filter(({ name, geometry }) => geometry !== "point" && name !== "cases").flatMap(({ name, id: key }) => {
    const common = { source: name, "source-layer": name, filter: ["==", ["get", key], id || NONE] };
    return [
      { id: `${name}-pick-case`, type: "line", ...common, layout: round, paint: { "line-color": token("pick-out"), "line-width": 5.6 } },
      { id: `${name}-pick`, type: "line", ...common, layout: round, paint: { "line-color": token("pick-in"), "line-width": 2.6 } },
    ];
  });
}

/* Over a picture the fills step back and the edges turn white (design language §2). */
function overPicture(layer) {
  if (layer.id === "land") return { ...layer, paint: { ...layer.paint, "fill-opacity": 0 } };
  if (layer.id.endsWith("-fill")) return { ...layer, paint: { ...layer.paint, "fill-opacity": 0.45 } };
  if (layer.id.endsWith("-edge")) return { ...layer, paint: { ...layer.paint, "line-color": "#ffffff", "line-opacity": 0.6 } };
  return layer;
}

export const CHANGES = [["NEW", "ok"], ["ENDED", "danger"], ["GEOMETRY", "st-regular"], ["CUSTODIAN", "lu-built"], ["STATUS", "st-usufruct"], ["AREA", "lu-recl"], ["OTHER", "st-sold"]];

/* What changed between two days, where the address names the earlier one: its own source above the register. */
function differing(state) {
  if (!state.since) return { sources: {}, layers: [] };
  const told = { since: state.since, since_known: state.sinceKnown, on: state.day, known: state.known, place: state.place };
  const query = new URLSearchParams(Object.entries(told).filter(([, value]) => value));
  const tiles = [`${location.origin}/tiles/differences/{z}/{x}/{y}.mvt?${query}`];
  const colour = ["match", ["get", "change"], ...CHANGES.flatMap(([change, name]) => [change, token(name)]), token("st-sold")];
  const common = { source: "differences", "source-layer": "differences", minzoom: 13 };
  return {
    sources: { differences: { type: "vector", tiles, minzoom: 13, maxzoom: 18 } },
    layers: [
      { id: "differences-fill", type: "fill", ...common, paint: { "fill-color": colour, "fill-opacity": 0.72 } },
      { id: "differences-case", type: "line", ...common, paint: { "line-color": token("pick-out"), "line-width": 4 } },
      { id: "differences-line", type: "line", ...common, paint: { "line-color": colour, "line-width": 2 } },
    ],
  };
}

/* What is drawn on the map by hand: an outline being made, its corners. */
function drawing(font) {
  const source = "drawing";
  return [
    { id: "drawing-fill", type: "fill", source, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": token("danger"), "fill-opacity": 0.16 } },
    { id: "drawing-case", type: "line", source, filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": token("pick-out"), "line-width": 4 } },
    { id: "drawing-line", type: "line", source, filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": token("pick-in"), "line-width": 2, "line-dasharray": [2, 1] } },
    {
      id: "drawing-point", type: "circle", source, filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-color": token("pick-in"), "circle-radius": 5, "circle-stroke-color": token("pick-out"), "circle-stroke-width": 1.6 },
    },
    {
      id: "drawing-label", type: "symbol", source, filter: ["has", "label"],
      layout: { "text-field": ["get", "label"], "text-font": font, "text-size": 14, "text-allow-overlap": true },
      paint: { "text-color": token("map-label"), "text-halo-color": token("map-halo"), "text-halo-width": 2 },
    },
  ];
}

/** Return the style to give to the map. */
export function compose(served, state, drawn) {
  const meta = served.metadata["amlak:layers"];
  const off = hidden(state);
  const known = { names: meta.map(({ name }) => name), off, counted: counting(meta, off) };
  const kept = served.layers.map((layer) => {
    const visibility = shown(layer, known, state.base) ? "visible" : "none";
    const dressed = state.base ? overPicture(layer) : layer;
    return { ...dressed, layout: { ...dressed.layout, visibility } };
  });
  const first = kept.findIndex((layer) => layer.type === "symbol");
  const font = kept.find((layer) => layer.layout?.["text-font"])?.layout["text-font"] ?? ["IBM Plex Sans Arabic"];
  const below = first < 0 ? kept : kept.slice(0, first);
  const above = first < 0 ? [] : kept.slice(first);
  const different = differing(state);
  return {
    ...served,
    sources: { ...narrowed(served.sources, meta, state), ...different.sources, drawing: { type: "geojson", data: drawn } },
    layers: [...below, ...different.layers, ...picked(meta, state.sel), ...drawing(font), ...above],
  };
}

/** Fetch the style of a theme for the surface the page stands on. */
export async function fetchStyle(address, theme, mode) {
  const answer = await fetch(`${address}?${new URLSearchParams({ theme, mode })}`, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`style ${answer.status}`);
  return answer.json();
}
