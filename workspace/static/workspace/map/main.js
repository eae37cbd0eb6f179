/* The map page: a store of what is shown, a style that follows it, panels around. */

import { bounds, create, go, isDark, settings } from "../../tiles/engine.js";
import { announce } from "../../ui/app.js";
import { startCoordinates } from "./coordinates.js";
import { countsInView, drawLegend } from "./legend.js";
import { drawBases, drawLayers, startCard, startDate, startList, startThemes } from "./panels.js";
import { makeStore } from "./state.js";
import { compose, fetchStyle } from "./style.js";
import { startTools } from "./tools.js";

const EGYPT = [[24.7, 21.9], [36.9, 31.7]];
const NOTHING = { type: "FeatureCollection", features: [] };
const RESTYLE = ["status", "day", "off", "base", "sel"];

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

/* Follow the state with the style; a theme is another served style, the rest is composed here. */
function startStyle(map, root, page, store, first, tool) {
  let served = first;
  const dress = () => map.setStyle(compose(served, styled(store), tool.data()), { diff: true });
  store.on(async (changed) => {
    if (changed.has("theme")) served = await fetchStyle(settings().style, store.theme, isDark() ? "dark" : "light");
    if (changed.has("theme") || RESTYLE.some((key) => changed.has(key))) dress();
    if (changed.has("base")) drawBases(root, served.metadata, store, page.words);
  });
  drawLayers(root, served.metadata["amlak:layers"], store);
  drawBases(root, served.metadata, store, page.words);
  startLegend(map, root, page, store, () => served.metadata["amlak:layers"]);
}

function startLegend(map, root, page, store, meta) {
  const card = root.querySelector("[data-legend]");
  const far = root.querySelector("[data-far]");
  map.on("idle", () => {
    const layer = meta().find(({ name }) => name === "parcels");
    const theme = layer?.themes.find(({ name }) => name === store.theme) ?? layer?.themes[0];
    drawLegend(card, theme, theme ? countsInView(map, layer, theme) : null, page.words);
    far.hidden = !(layer && (store.day || store.status) && map.getZoom() < layer.minzoom);
    root.dataset.ready = "true";
  });
}

/* The state as the style knows it: `day` is the filter `on` of tiles. */
function styled(store) {
  return { ...store, on: store.day };
}

function startView(map, root, page, store) {
  map.on("moveend", () => {
    const { lng, lat } = map.getCenter();
    store.view = { zoom: map.getZoom(), center: [lng, lat] };
    store.keep();
  });
  const home = bounds(page.bounds) ?? EGYPT;
  const act = { in: () => map.zoomIn(), out: () => map.zoomOut(), home: () => go(map, home, { maxZoom: 14 }), print: () => window.print() };
  for (const button of root.querySelectorAll("[data-do]")) button.addEventListener("click", () => act[button.dataset.do]());
  for (const button of root.querySelectorAll("[data-show-panel]")) {
    button.addEventListener("click", () => {
      root.dataset.show = button.dataset.showPanel;
      map.resize();
    });
  }
}

function startPrint(root, store) {
  window.addEventListener("beforeprint", () => {
    root.querySelector("[data-printed-link]").textContent = location.href;
    root.querySelector("[data-printed-day]").textContent = store.day ? store.day.split("-").reverse().join("/") : "";
  });
}

function shownToTests(map, store) {
  document.documentElement.dataset.map = "ready";
  globalThis.amlakMap = { map, store };
}

async function start() {
  const page = JSON.parse(document.getElementById("map-page").textContent);
  const root = document.querySelector("[data-map-page]");
  const store = makeStore();
  const served = await fetchStyle(settings().style, store.theme, isDark() ? "dark" : "light");
  const where = store.view ?? { bounds: bounds(page.bounds) ?? EGYPT, fitBoundsOptions: { padding: 24 } };
  const map = await create(root.querySelector("#map"), { style: compose(served, styled(store), NOTHING), ...where });
  map.getCanvas().setAttribute("aria-describedby", "map-help");
  const tool = startTools(map, root, page, store);
  startPicking(map, root, store, tool);
  startStyle(map, root, page, store, served, tool);
  startThemes(root, store);
  startDate(root, store, page.words);
  startList(map, root, store);
  startCard(map, root, page, store, announce);
  startCoordinates(map, root.querySelector("[data-coordinates]"), page.words);
  startView(map, root, page, store);
  startPrint(root, store);
  shownToTests(map, store);
}

start().catch((error) => {
  const note = document.querySelector("[data-map-failed]");
  note.hidden = false;
  throw error;
});
