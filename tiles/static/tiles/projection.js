/* Egypt's belts (EPSG:22991–22994) from WGS 84 and back, without tables or services.

   Transverse Mercator by Krüger's series in n (to the sixth power: below a tenth of a millimetre within 6° of the meridian) on Helmert 1906, and the
   seven-parameter shift that equals EPSG:7697 with its pivot folded in (domain.md §3.2: position vector, verified against PROJ to < 0.5 mm). */

const DEG = Math.PI / 180;
const WGS84 = { a: 6378137, f: 1 / 298.257223563 };
const HELMERT = { a: 6378200, f: 1 / 298.3 };
// Egypt 1907 → WGS 84: metres, arc seconds, parts per million.
const SHIFT = { t: [-78.9779, -50.7953, -1.4922], r: [-1.603747, 0.153612, 5.364408], s: 5.33745 };

/** The belts: code, central meridian, false easting and northing. */
export const BELTS = {
  22991: { lon: 35, e: 300000, n: 1100000 },
  22992: { lon: 31, e: 615000, n: 810000 },
  22993: { lon: 27, e: 700000, n: 200000 },
  22994: { lon: 27, e: 700000, n: 1200000 },
};
const LAT0 = 30;

/** The belt in which a point of Egypt is registered: by longitude, and in the west by latitude (28°11′). */
export function beltOf(lon, lat) {
  if (lon >= 33) return 22991;
  if (lon >= 29) return 22992;
  return lat >= 28 + 11 / 60 ? 22993 : 22994;
}

function toGeocentric(lon, lat, ellipsoid, height = 0) {
  const e2 = ellipsoid.f * (2 - ellipsoid.f);
  const sin = Math.sin(lat * DEG);
  const cos = Math.cos(lat * DEG);
  const v = ellipsoid.a / Math.sqrt(1 - e2 * sin * sin);
  return [(v + height) * cos * Math.cos(lon * DEG), (v + height) * cos * Math.sin(lon * DEG), (v * (1 - e2) + height) * sin];
}

function toGeodetic([x, y, z], ellipsoid) {
  const e2 = ellipsoid.f * (2 - ellipsoid.f);
  const p = Math.hypot(x, y);
  let lat = Math.atan2(z, p * (1 - e2));
  for (let turn = 0; turn < 8; turn += 1) {
    const sin = Math.sin(lat);
    const v = ellipsoid.a / Math.sqrt(1 - e2 * sin * sin);
    lat = Math.atan2(z + e2 * v * sin, p);
  }
  const sin = Math.sin(lat);
  const v = ellipsoid.a / Math.sqrt(1 - e2 * sin * sin);
  return { lon: Math.atan2(y, x) / DEG, lat: lat / DEG, height: p / Math.cos(lat) - v };
}

/* The rotation and scale of the shift as a matrix: X' = T + M X. */
function matrix() {
  const [rx, ry, rz] = SHIFT.r.map((seconds) => (seconds / 3600) * DEG);
  const m = 1 + SHIFT.s * 1e-6;
  return [[m, -rz * m, ry * m], [rz * m, m, -rx * m], [-ry * m, rx * m, m]];
}

function determinant(m) {
  return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
    - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
    + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

function solve(m, v) {
  const whole = determinant(m);
  return [0, 1, 2].map((column) => determinant(m.map((row, i) => row.map((cell, j) => (j === column ? v[i] : cell)))) / whole);
}

/** A point of WGS 84 (degrees) on the 1907 datum (degrees). */
export function toEgypt1907(lon, lat) {
  const there = toGeocentric(lon, lat, WGS84);
  return toGeodetic(solve(matrix(), there.map((value, i) => value - SHIFT.t[i])), HELMERT);
}

/** A point of the 1907 datum (degrees) in WGS 84 (degrees). */
export function fromEgypt1907(lon, lat) {
  const here = toGeocentric(lon, lat, HELMERT);
  return toGeodetic(matrix().map((row, i) => SHIFT.t[i] + row[0] * here[0] + row[1] * here[1] + row[2] * here[2]), WGS84);
}

/* Krüger's coefficients for the ellipsoid, to the sixth power of n. */
function series() {
  const n = HELMERT.f / (2 - HELMERT.f);
  const [n2, n3, n4, n5, n6] = [n ** 2, n ** 3, n ** 4, n ** 5, n ** 6];
  return {
    radius: (HELMERT.a / (1 + n)) * (1 + n2 / 4 + n4 / 64 + n6 / 256),
    alpha: [
      n / 2 - (2 / 3) * n2 + (5 / 16) * n3 + (41 / 180) * n4 - (127 / 288) * n5 + (7891 / 37800) * n6,
      (13 / 48) * n2 - (3 / 5) * n3 + (557 / 1440) * n4 + (281 / 630) * n5 - (1983433 / 1935360) * n6,
      (61 / 240) * n3 - (103 / 140) * n4 + (15061 / 26880) * n5 + (167603 / 181440) * n6,
      (49561 / 161280) * n4 - (179 / 168) * n5 + (6601661 / 7257600) * n6,
      (34729 / 80640) * n5 - (3418889 / 1995840) * n6,
      (212378941 / 319334400) * n6,
    ],
    beta: [
      n / 2 - (2 / 3) * n2 + (37 / 96) * n3 - (1 / 360) * n4 - (81 / 512) * n5 + (96199 / 604800) * n6,
      (1 / 48) * n2 + (1 / 15) * n3 - (437 / 1440) * n4 + (46 / 105) * n5 - (1118711 / 3870720) * n6,
      (17 / 480) * n3 - (37 / 840) * n4 - (209 / 4480) * n5 + (5569 / 90720) * n6,
      (4397 / 161280) * n4 - (11 / 504) * n5 - (830251 / 7257600) * n6,
      (4583 / 161280) * n5 - (108847 / 3991680) * n6,
      (20648693 / 638668800) * n6,
    ],
  };
}

const K = series();
const ECC = Math.sqrt(HELMERT.f * (2 - HELMERT.f));

function conformal(lat) {
  const sin = Math.sin(lat * DEG);
  return Math.sinh(Math.atanh(sin) - ECC * Math.atanh(ECC * sin));
}

function meridian(lat) {
  const xi = Math.atan(conformal(lat));
  return K.radius * K.alpha.reduce((sum, a, j) => sum + a * Math.sin(2 * (j + 1) * xi), xi);
}

/** Easting and northing (metres) of a point of the 1907 datum. */
export function project(lon, lat, code) {
  const belt = BELTS[code];
  const t = conformal(lat);
  const away = (lon - belt.lon) * DEG;
  const xi = Math.atan2(t, Math.cos(away));
  const eta = Math.asinh(Math.sin(away) / Math.hypot(t, Math.cos(away)));
  const sum = (part) => K.alpha.reduce((total, a, j) => total + a * part(2 * (j + 1)), 0);
  const east = eta + sum((k) => Math.cos(k * xi) * Math.sinh(k * eta));
  const north = xi + sum((k) => Math.sin(k * xi) * Math.cosh(k * eta));
  return { e: belt.e + K.radius * east, n: belt.n + K.radius * north - meridian(LAT0) };
}

/** The point of the 1907 datum (degrees) at an easting and northing. */
export function unproject(e, n, code) {
  const belt = BELTS[code];
  const xi0 = (n - belt.n + meridian(LAT0)) / K.radius;
  const eta0 = (e - belt.e) / K.radius;
  const sum = (part) => K.beta.reduce((total, b, j) => total + b * part(2 * (j + 1)), 0);
  const xi = xi0 - sum((k) => Math.sin(k * xi0) * Math.cosh(k * eta0));
  const eta = eta0 - sum((k) => Math.cos(k * xi0) * Math.sinh(k * eta0));
  const target = Math.sin(xi) / Math.hypot(Math.sinh(eta), Math.cos(xi));
  let t = target;
  for (let turn = 0; turn < 8; turn += 1) {
    const sigma = Math.sinh(ECC * Math.atanh((ECC * t) / Math.hypot(1, t)));
    const value = t * Math.hypot(1, sigma) - sigma * Math.hypot(1, t);
    const slope = (Math.hypot(1, value) * Math.hypot(1, t) * (1 - ECC ** 2)) / (1 + (1 - ECC ** 2) * t * t);
    t += (target - value) / slope;
  }
  return { lon: belt.lon + Math.atan2(Math.sinh(eta), Math.cos(xi)) / DEG, lat: Math.atan(t) / DEG };
}

/** Belt coordinates of a point of WGS 84: the code, easting and northing in metres. */
export function toBelt(lon, lat, code = beltOf(lon, lat)) {
  const there = toEgypt1907(lon, lat);
  return { code, ...project(there.lon, there.lat, code) };
}

/** The point of WGS 84 (degrees) at belt coordinates. */
export function fromBelt(e, n, code) {
  const there = unproject(e, n, code);
  return fromEgypt1907(there.lon, there.lat);
}
