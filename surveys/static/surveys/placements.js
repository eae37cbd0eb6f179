/* Where does the land lie: each placement drawn on a map of its own, over the register as it stands. */

import { bounds, create, isDark, settings, token } from "../tiles/engine.js";

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
    sources: { ...base.sources, land: outlines(placement) },
    layers: [
      ...base.layers,
      { id: "land-fill", type: "fill", source: "land", paint: { "fill-color": token("nile-600"), "fill-opacity": 0.18 } },
      { id: "land-line", type: "line", source: "land", paint: { "line-color": token("pick-in"), "line-width": 3 } },
      { id: "land-edge", type: "line", source: "land", paint: { "line-color": token("pick-out"), "line-width": 1 } },
    ],
  };
}

async function start() {
  const base = await baseStyle();
  for (const place of document.querySelectorAll("[data-placement]")) {
    const placement = drawn[place.dataset.placement];
    const box = bounds(placement.bounds.join(","));
    await create(place, { style: styled(base, placement), bounds: box, fitBoundsOptions: { padding: 30, maxZoom: 16 }, interactive: true });
  }
}

start();
