/* The map page: a store of what is shown, a style that follows it, panels around. */

import { bounds, create, go, isDark, settings } from "../../tiles/engine.js";
import { announce } from "../../ui/app.js";
import { startCoordinates } from "./coordinates.js";
import { countsInView, drawLegend } from "./legend.js";
import { drawBases, drawLayers, room, startCard, startDate, startList, startThemes } from "./panels.js";
import { startEditing } from "./edit.js";
import { startPrint } from "./print.js";
import { makeStore } from "./state.js";
import { compose, fetchStyle } from "./style.js";
import { startTools } from "./tools.js";

const EGYPT = [[24.7, 21.9], [36.9, 31.7]];
const NOTHING = { type: "FeatureCollection", features: [] };
const RESTYLE = ["status", "day", "known", "since", "off", "base", "sel"];

function pickable(map) {
  return ["cases-point", "cases-fill", "assets-point", "assets-fill", "parcels-fill"].filter((name) => map.getLayer(name));
}

function startPicking(map, root, store, tool) {
  let hovered = null;
  const hover = (feature) => {
    if (hovered) map.removeFeatureState(hovered, "hover");
    hovered = feature?.id === undefined ? null : { source: feature.source, sourceLayer: feature.sourceLayer, id: feature.id };
    if (hovered) map.setFeatureState(hovered, { hover: true });
  };
  map.on("mousemove", (event) => {
    const [feature] = tool.kind ? [] : map.queryRenderedFeatures(event.point, { layers: pickable(map) });
    map.getCanvas().style.cursor = tool.kind ? "crosshair" : feature ? "pointer" : "";
    if (feature?.id !== hovered?.id) hover(feature);
  });
  map.on("mouseout", () => hover(null));
  map.on("click", (event) => {
    if (tool.kind) return;
    const [feature] = map.queryRenderedFeatures(event.point, { layers: pickable(map) });
    if (feature) pick(map, feature, store, event);
    else if (!enterPlace(map, event)) store.set({ sel: "" });
  });
}

function pick(map, feature, store, event) {
  const { id, parcel } = feature.properties;
  if (feature.source === "parcels" && id) store.set({ sel: id });
  else if (parcel) store.set({ sel: parcel });
  else map.easeTo({ center: event.lngLat, zoom: Math.min(map.getZoom() + 2, 18) });
}

/* At low zooms a click enters the place that was clicked. */
function enterPlace(map, event) {
  const layers = ["parcels-places-fill"].filter((name) => map.getLayer(name));
  const [place] = map.queryRenderedFeatures(event.point, { layers });
  if (!place) return false;
  map.flyTo({ center: event.lngLat, zoom: Math.min(Math.floor(map.getZoom()) + 2, 15), animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  return true;
}

/* Follow the state with the style; a theme is another served style, the rest is composed here. Returns how to draw for another surface. */
function startStyle(map, root, page, store, first, tool) {
  let served = first;
  const mode = () => (isDark() ? "dark" : "light");
  const serve = async (surface) => { served = await fetchStyle(settings().style, store.theme, surface); };
  const dress = () => map.setStyle(compose(served, styled(store), tool.data()), { diff: true });
  store.on(async (changed) => {
    if (changed.has("theme")) await serve(mode());
    if (changed.has("theme") || RESTYLE.some((key) => changed.has(key))) dress();
    if (changed.has("base")) drawBases(root, served.metadata, store, page.words);
  });
  drawLayers(root, served.metadata["amlak:layers"], store);
  drawBases(root, served.metadata, store, page.words);
  startLegend(map, root, page, store, () => served.metadata["amlak:layers"]);
  return async (surface) => {
    await serve(surface);
    dress();
  };
}

function startLegend(map, root, page, store, meta) {
  const card = root.querySelector("[data-legend]");
  const far = root.querySelector("[data-far]");
  map.on("idle", () => {
    const layer = meta().find(({ name }) => name === "parcels");
    const theme = layer?.themes.find(({ name }) => name === store.theme) ?? layer?.themes[0];
    drawLegend(card, theme, theme ? countsInView(map, layer, theme) : null, page.words);
    far.hidden = !(layer && (store.day || store.known || store.since || store.status) && map.getZoom() < layer.minzoom);
    root.dataset.ready = "true";
  });
}

/* The state as the style knows it: `day` is the filter `on` of tiles. */
function styled(store) {
  return { ...store, on: store.day };
}

/* The whole area is seen beside the legend, not behind it. */
function aroundLegend(root) {
  const wide = matchMedia("(min-width: 992px)").matches;
  const free = room(root);
  const side = document.documentElement.dir === "rtl" ? "right" : "left";
  return wide ? { ...free, [side]: 250 } : free;
}

/* Without a view in the address: the picked parcel beside its card, else the whole area. */
function opening(page, root, store) {
  const picked = store.sel && bounds(page.picked);
  if (picked) return { bounds: picked, fitBoundsOptions: { maxZoom: 17, padding: room(root, true) } };
  return { bounds: bounds(page.bounds) ?? EGYPT, fitBoundsOptions: { padding: aroundLegend(root) } };
}

function startView(map, root, page, store, print) {
  map.on("moveend", () => {
    const { lng, lat } = map.getCenter();
    store.view = { zoom: map.getZoom(), center: [lng, lat] };
    store.keep();
  });
  const home = bounds(page.bounds) ?? EGYPT;
  const act = { in: () => map.zoomIn(), out: () => map.zoomOut(), home: () => go(map, home, { maxZoom: 14, padding: aroundLegend(root) }), print };
  // the browser's own way to paper cannot wait for the light surface: ours is taken instead
  window.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.code !== "KeyP") return;
    event.preventDefault();
    print();
  });
  for (const button of root.querySelectorAll("[data-do]")) button.addEventListener("click", () => act[button.dataset.do]());
  for (const button of root.querySelectorAll("[data-show-panel]")) {
    button.addEventListener("click", () => {
      root.dataset.show = button.dataset.showPanel;
      map.resize();
    });
  }
}

/* The link to a file of what is in view: its box, and what narrows the parcels. */
function startExport(map, root, store) {
  const link = root.querySelector("[data-export]");
  if (!link) return;
  const point = () => {
    const box = map.getBounds().toArray().flat().map((degrees) => degrees.toFixed(6)).join(",");
    const query = new URLSearchParams({ layer: "parcels", bbox: box });
    if (store.status) query.set("status", store.status);
    if (store.day) query.set("on", store.day);
    if (store.known) query.set("known", store.known);
    link.search = query.toString();
  };
  map.on("moveend", point);
  store.on(point);
  point();
}

function shownToTests(map, store) {
  document.documentElement.dataset.map = "ready";
  globalThis.amlakMap = { map, store };
}

function drawsMaps() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") ?? canvas.getContext("webgl"));
}

/* A plain list with its reason: rows open their files, filters narrow it as ever. */
function startWithoutMap(root, store, reason) {
  root.classList.add("no-map");
  root.dataset.show = "list";
  root.querySelector("[data-map-failed]").hidden = false;
  root.querySelector(`[data-${reason}]`).hidden = false;
  startList(null, root, store);
}

async function startMap(page, root, store) {
  const served = await fetchStyle(settings().style, store.theme, isDark() ? "dark" : "light");
  const where = store.view ?? opening(page, root, store);
  const map = await create(root.querySelector("#map"), { style: compose(served, styled(store), NOTHING), ...where });
  map.getCanvas().setAttribute("aria-describedby", "map-help");
  const tool = startTools(map, root, page, store);
  startPicking(map, root, store, tool);
  const relight = startStyle(map, root, page, store, served, tool);
  startThemes(root, store);
  startDate(root, store, page.words);
  startList(map, root, store);
  startCard(map, root, page, store, announce);
  startCoordinates(map, root.querySelector("[data-coordinates]"), page.words);
  startView(map, root, page, store, startPrint(map, root, store, page.words, relight));
  startExport(map, root, store);
  startEditing(root, page, store, tool, map, announce);
  shownToTests(map, store);
}

async function start() {
  const page = JSON.parse(document.getElementById("map-page").textContent);
  const root = document.querySelector("[data-map-page]");
  const store = makeStore();
  if (!drawsMaps()) return startWithoutMap(root, store, "without");
  return startMap(page, root, store).catch((error) => {
    startWithoutMap(root, store, "broken");
    throw error;
  });
}

start();
