/* What the map shows, kept in the address: a link opens the same view (z, lat, lon, theme, sel, q, status, on, known, base, off). */

const KEYS = { theme: "theme", sel: "sel", q: "q", status: "status", day: "on", known: "known", since: "since", sinceKnown: "since_known", place: "place", base: "base", off: "off", within: "within" }; // name → in the address

/** Read the state of an address. */
export function read(search = location.search) {
  const given = new URLSearchParams(search);
  const state = Object.fromEntries(Object.entries(KEYS).map(([name, key]) => [name, given.get(key) ?? ""]));
  state.sel ||= given.get("parcel") ?? ""; // how other pages name the parcel they show on the map
  const [z, lat, lon] = ["z", "lat", "lon"].map((key) => Number.parseFloat(given.get(key)));
  const view = [z, lat, lon].every(Number.isFinite) && Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
  return { ...state, view: view ? { zoom: z, center: [lon, lat] } : null };
}

/** Write a state as the query of an address. */
export function write(state, view = state.view) {
  const query = new URLSearchParams();
  if (view) {
    query.set("z", view.zoom.toFixed(2));
    query.set("lat", view.center[1].toFixed(6));
    query.set("lon", view.center[0].toFixed(6));
  }
  for (const [name, key] of Object.entries(KEYS)) if (state[name]) query.set(key, state[name]);
  return query.toString();
}

/** A state that tells its listeners what changed and keeps the address in step. */
export function makeStore(initial = read()) {
  const listeners = [];
  const store = {
    ...initial,
    placed: Boolean(initial.view), // the address said where; else the picked parcel does
    /** Change some keys; listeners get the names that really changed. */
    set(changes) {
      const changed = Object.keys(changes).filter((key) => store[key] !== changes[key]);
      if (!changed.length) return;
      Object.assign(store, changes);
      store.keep();
      for (const listener of listeners) listener(new Set(changed), store);
    },
    /** Call the listener with the set of changed keys. */
    on(listener) {
      listeners.push(listener);
    },
    keep() {
      history.replaceState(null, "", `${location.pathname}?${write(store)}`);
    },
  };
  return store;
}
