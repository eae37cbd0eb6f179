/* Faults beside the map: the list and the map show the same fault; J and K walk the list (ui/keys.js). */

import { startCompare } from "./compare.js";
import { bounds, create, go, isDark, settings, token } from "../tiles/engine.js";

const EMPTY = { type: "FeatureCollection", features: [] };
const MOST = 3000;
const page = JSON.parse(document.getElementById("survey-map").textContent);

function tiles() {
  const address = new URL(`/tiles/staged/{z}/{x}/{y}.mvt?submission=${page.submission}`, location.href).href;
  return { type: "vector", tiles: [address.replaceAll("%7B", "{").replaceAll("%7D", "}")], minzoom: 0, maxzoom: 16, promoteId: { staged: "id" } };
}

function surveyLayers() {
  const worst = ["match", ["get", "worst"], "block", token("danger"), "warn", token("warn"), token("nile-600")];
  return [
    { id: "survey-fill", type: "fill", source: "survey", "source-layer": "staged", paint: { "fill-color": worst, "fill-opacity": 0.2 } },
    { id: "survey-line", type: "line", source: "survey", "source-layer": "staged", paint: { "line-color": worst, "line-width": 2.2 } },
    {
      id: "survey-name", type: "symbol", source: "survey", "source-layer": "staged_labels", minzoom: 15,
      layout: { "text-field": ["coalesce", ["get", "number"], ""], "text-size": 12, "text-font": ["IBM Plex Sans Arabic"] },
      paint: { "text-color": token("map-label"), "text-halo-color": token("map-halo"), "text-halo-width": 1.4 },
    },
    { id: "fault-fill", type: "fill", source: "faults", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-pattern": "p-hatch" } },
    { id: "fault-tint", type: "fill", source: "faults", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": token("danger"), "fill-opacity": 0.45 } },
    { id: "fault-pick-case", type: "line", source: "picked", paint: { "line-color": token("pick-out"), "line-width": 6 } },
    { id: "fault-pick", type: "line", source: "picked", paint: { "line-color": token("pick-in"), "line-width": 3 } },
  ];
}

/* The register steps back, so that what was surveyed and what is wrong stand out. */
function stepBack(layer) {
  const faint = { fill: ["fill-opacity", 0.28], circle: ["circle-opacity", 0.4] }[layer.type];
  if (!faint || layer.id === "land") return layer;
  return { ...layer, paint: { ...layer.paint, [faint[0]]: faint[1] } };
}

async function style() {
  const given = settings();
  const address = new URL(given.style ?? "/tiles/style.json", location.href);
  address.searchParams.set("mode", isDark() ? "dark" : "light");
  const answer = await fetch(address);
  const found = answer.ok ? await answer.json() : { version: 8, sources: {}, layers: [] };
  const shared = { survey: tiles(), faults: { type: "geojson", data: EMPTY }, picked: { type: "geojson", data: EMPTY } };
  return { register: found, shown: { ...found, sources: { ...found.sources, ...shared }, layers: [...found.layers.map(stepBack), ...surveyLayers()] } };
}

/* Page by page, drawn as they come; a survey can have more than anybody looks at. */
async function drawFaults(map, byId) {
  const features = [];
  let next = page.faults;
  while (next && features.length < MOST) {
    const answer = await fetch(next, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const found = await answer.json();
    for (const feature of found.features.filter(({ geometry }) => geometry)) {
      features.push(feature);
      byId.set(String(feature.id), feature);
    }
    map.getSource("faults").setData({ type: "FeatureCollection", features });
    next = found.next;
  }
}

function buttonOf(id) {
  return document.querySelector(`[data-fault="${id}"]`);
}

function pins(map, gl) {
  for (const { id, n, severity, at } of page.pins) {
    const pin = document.createElement("button");
    pin.type = "button";
    pin.className = `pinf sevp ${severity}`;
    pin.textContent = n;
    pin.addEventListener("click", () => buttonOf(id)?.click());
    new gl.Marker({ element: pin }).setLngLat(at).addTo(map);
  }
}

function follow(map, byId) {
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const shown = event.detail.target.querySelector("[data-shown]");
    if (!shown) return;
    for (const row of document.querySelectorAll("[data-fault][aria-current]")) row.removeAttribute("aria-current");
    buttonOf(shown.dataset.shown)?.setAttribute("aria-current", "true");
    shown.querySelector(".sevp").textContent = buttonOf(shown.dataset.shown)?.querySelector(".sevp").textContent ?? "";
    const feature = byId.get(shown.dataset.shown);
    map.getSource("picked").setData(feature ?? EMPTY);
    const box = bounds(shown.dataset.bounds);
    if (box) go(map, box, { maxZoom: 18, padding: 90 });
  });
}

async function start() {
  const root = document.getElementById("review");
  const box = bounds(page.bounds);
  const { register, shown } = await style();
  const map = await create(document.getElementById("map"), {
    style: shown,
    ...(box ? { bounds: box, fitBoundsOptions: { padding: 40, maxZoom: 17 } } : { center: [30.8, 29.5], zoom: 6 }),
  });
  map.addControl(new globalThis.maplibregl.NavigationControl({ showCompass: false }), document.dir === "rtl" ? "top-left" : "top-right");
  map.addControl(new globalThis.maplibregl.ScaleControl({ unit: "metric" }), document.dir === "rtl" ? "bottom-left" : "bottom-right");
  const loaded = async () => {
    const byId = new Map();
    pins(map, globalThis.maplibregl);
    startCompare(map, root, register);
    follow(map, byId);
    await drawFaults(map, byId);
    document.querySelector("[data-fault]")?.click();
    map.once("idle", () => {
      root.dataset.ready = "true";
    });
  };
  if (map.isStyleLoaded()) loaded();
  else map.once("load", loaded);
}

start();
