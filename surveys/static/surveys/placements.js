/* Where does the land lie: each placement drawn on a map of its own, over the register as it stands. */

import { bounds, create, isDark, settings, token } from "../tiles/engine.js";

const NEAR_M = 3000;
const CLOSE_DEGREES = 0.005;
const drawn = JSON.parse(document.getElementById("placements").textContent);

async function baseStyle() {
  const address = new URL(settings().style ?? "/tiles/style.json", location.href);
  address.searchParams.set("mode", isDark() ? "dark" : "light");
  const answer = await fetch(address);
  return answer.ok ? answer.json() : { version: 8, sources: {}, layers: [] };
}

function outlines({ outlines: rings }) {
  const features = rings.map((ring) => ({ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } }));
  return { type: "geojson", data: { type: "FeatureCollection", features } };
}

function styled(base, placement) {
  return {
    ...base,
    sources: { ...base.sources, land: outlines(placement), middle: middleOf(placement.bounds) },
    layers: [
      ...base.layers,
      { id: "land-fill", type: "fill", source: "land", paint: { "fill-color": token("nile-600"), "fill-opacity": 0.18 } },
      { id: "land-line", type: "line", source: "land", paint: { "line-color": token("pick-in"), "line-width": 3 } },
      {
        id: "land-far", type: "circle", source: "middle", maxzoom: 11,
        paint: { "circle-color": token("pick-in"), "circle-radius": 7, "circle-stroke-color": token("pick-out"), "circle-stroke-width": 2 },
      },
      { id: "land-edge", type: "line", source: "land", paint: { "line-color": token("pick-out"), "line-width": 1 } },
    ],
  };
}

function boxOf(rings) {
  const points = rings.flat();
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/* Placements that differ by metres are seen only close up, and only through the same window: a parcel some 500 m wide. */
function closeUp({ outlines: rings }) {
  const boxes = rings.map((ring) => boxOf([ring]));
  const off = ([west, , east]) => Math.abs(east - west - CLOSE_DEGREES);
  return boxes.reduce((best, box) => (off(box) < off(best) ? box : best));
}

function union([w1, s1, e1, n1], [w2, s2, e2, n2]) {
  return [Math.min(w1, w2), Math.min(s1, s2), Math.max(e1, e2), Math.max(n1, n2)];
}

/* Far away the window holds the suggested place too: one sees where the land would have gone. */
function windowOf(placement, suggested) {
  if (!suggested || Object.keys(drawn).length < 2) return bounds(placement.bounds.join(","));
  if (placement.offset < NEAR_M) return bounds(closeUp(suggested).join(","));
  return bounds(union(placement.bounds, suggested.bounds).join(","));
}

function middleOf([west, south, east, north]) {
  return { type: "geojson", data: { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [(west + east) / 2, (south + north) / 2] } } };
}

async function start() {
  const base = await baseStyle();
  const suggested = Object.values(drawn).find((placement) => placement.suggested);
  for (const place of document.querySelectorAll("[data-placement]")) {
    const placement = drawn[place.dataset.placement];
    const view = { bounds: windowOf(placement, suggested), fitBoundsOptions: { padding: 50, maxZoom: 17 } };
    await create(place, { style: styled(base, placement), ...view });
  }
}

start();
