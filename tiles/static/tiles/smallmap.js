/* A small map for pages of one thing: a parcel, a case, a survey.

   mount(element, { bounds: "w,s,e,n" | [[w, s], [e, n]], sources, layers, theme, interactive }) puts the register's map into the
   element with the page's own sources and layers above it; resolves to the MapLibre map.
   <div data-smallmap data-bounds="w,s,e,n" data-feature="json-script-id"></div> is mounted by itself (see mountAll). */

import { bounds as read, create, isDark, settings, token } from "./engine.js";

const KEPT = new Set(["places", "placenames"]);

async function registerStyle(theme) {
  const query = new URLSearchParams({ mode: isDark() ? "dark" : "light", theme: theme ?? "" });
  const answer = await fetch(`${settings().style}?${query}`, { headers: { Accept: "application/json" } });
  return answer.ok ? answer.json() : { version: 8, sources: {}, layers: [] };
}

/* Keep the places always, and of the register's layers those asked for. */
function narrowed(style, names) {
  const wanted = (layer) => !layer.source || KEPT.has(layer.source) || names.includes(layer.source);
  return { ...style, layers: style.layers.filter(wanted) };
}

/** The look of what a page is about: a yellow line in an ink casing over a light fill. */
export function outlined(source, id = source) {
  const round = { "line-join": "round", "line-cap": "round" };
  return [
    { id: `${id}-fill`, type: "fill", source, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": token("pick-in"), "fill-opacity": 0.18 } },
    { id: `${id}-case`, type: "line", source, layout: round, paint: { "line-color": token("pick-out"), "line-width": 5.6 } },
    { id: `${id}-line`, type: "line", source, layout: round, paint: { "line-color": token("pick-in"), "line-width": 2.6 } },
    {
      id: `${id}-point`, type: "circle", source, filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-color": token("pick-in"), "circle-radius": 7, "circle-stroke-color": token("pick-out"), "circle-stroke-width": 2 },
    },
  ];
}

/** Put a map into an element. `register` names the register's layers to show below (default: parcels). */
export async function mount(element, { bounds, sources = {}, layers = [], theme = "", register = ["parcels"], interactive = true } = {}) {
  const style = narrowed(await registerStyle(theme), register);
  const box = typeof bounds === "string" ? read(bounds) : bounds;
  const map = await create(element, {
    style: { ...style, sources: { ...style.sources, ...sources }, layers: [...style.layers, ...layers] },
    interactive,
    cooperativeGestures: interactive,
    ...(box ? { bounds: box, fitBoundsOptions: { padding: 28, maxZoom: 18 } } : { center: [31, 30.2], zoom: 6 }),
  });
  element.smallmap = map;
  return map;
}

/** GeoJSON in a JSON script of the page, by its id. */
export function feature(id) {
  const holder = document.getElementById(id);
  return holder ? JSON.parse(holder.textContent) : null;
}

/** Mount every [data-smallmap] of the page. */
export function mountAll(root = document) {
  return Promise.all([...root.querySelectorAll("[data-smallmap]:not([data-mounted])")].map((element) => {
    element.dataset.mounted = "";
    const shape = element.dataset.feature ? feature(element.dataset.feature) : null;
    const sources = shape ? { subject: { type: "geojson", data: shape } } : {};
    return mount(element, {
      bounds: element.dataset.bounds,
      sources,
      layers: shape ? outlined("subject") : [],
      theme: element.dataset.theme,
      register: (element.dataset.layers ?? "parcels").split(" ").filter(Boolean),
    });
  }));
}

if (document.querySelector("[data-smallmap]")) mountAll();
