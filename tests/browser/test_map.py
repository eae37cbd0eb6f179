"""The map in a real browser under the shipped policy: what it draws, says, keeps in its address, and does without a pointer."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pyproj import Geod, Transformer

from authority.models import Place, User
from parcels import areas
from parcels.models import LandUse, Parcel
from tests.browser.conftest import SignIn, Watch, follow
from tests.parcels import builders

pytestmark = pytest.mark.django_db(transaction=True)

# domain: points whose coordinates are known to the millimetre.
GOLDEN = (
    ("Cairo", 31.2357, 30.0444, 22992, 637570.862, 814926.671),
    ("Alexandria", 29.9187, 31.2001, 22992, 511785.130, 943532.078),
    ("Mansoura", 31.3785, 31.0409, 22992, 650973.021, 925438.011),
    ("Damanhour", 30.4700, 31.0341, 22992, 564240.623, 924743.905),
    ("Ismailia", 32.2723, 30.5965, 22992, 736862.874, 876796.578),
    ("Aswan", 32.8998, 24.0889, 22992, 808033.096, 156312.106),
    ("Kharga", 30.5565, 25.4410, 22992, 570225.500, 304850.664),
    ("Sharm El-Sheikh", 34.3299, 27.9158, 22991, 233867.886, 869163.475),
    ("Hurghada", 33.8116, 27.2579, 22991, 182142.682, 796638.713),
    ("Matrouh", 27.2373, 31.3543, 22993, 722424.782, 350145.731),
    ("Siwa", 25.5195, 29.2032, 22993, 555860.776, 112566.022),
    ("Farafra", 27.9700, 27.0567, 22994, 796073.870, 874149.370),
)
LABEL = "حوض الملقة"


@pytest.fixture
def land(transactional_db: None) -> list[Parcel]:
    """Three parcels side by side, numbered 1 to 3."""
    hod = builders.a_hod()
    uses = [LandUse.AGRI_OLD, LandUse.RESIDENTIAL, LandUse.DESERT]
    return [
        builders.a_parcel(place=hod, number=str(n + 1), boundary=builders.a_boundary(x=n * 100), land_use=uses[n])
        for n in range(3)
    ]


@pytest.fixture
def officer(sign_in: SignIn, land: list[Parcel]) -> User:
    return sign_in("property_officer", place=Place.objects.filter(kind=Place.Kind.GOVERNORATE).first())


def middle(parcel: Parcel) -> tuple[float, float]:
    """Return longitude and latitude of a parcel's middle."""
    shape = parcel.versions.get(in_book=True).geom
    return shape.centroid.x, shape.centroid.y


def at(parcel: Parcel, zoom: float = 16, **more: str) -> str:
    """Return the address of the map over a parcel."""
    lon, lat = middle(parcel)
    query = "".join(f"&{key}={value}" for key, value in more.items())
    return f"/map/?z={zoom}&lat={lat:.6f}&lon={lon:.6f}{query}"


def opened(page: Page, address: str) -> None:
    """Open the map and wait until it has drawn everything."""
    page.goto(address)
    page.wait_for_selector("[data-map-page][data-ready=true]", timeout=30_000)
    settled(page)


def settled(page: Page) -> None:
    page.wait_for_function("() => !amlakMap.map.isMoving() && amlakMap.map.loaded() && amlakMap.map.areTilesLoaded()")


def drawn(page: Page, *layers: str) -> list[dict[str, Any]]:
    """Return the properties of the features that are drawn by the layers."""
    found: list[dict[str, Any]] = page.evaluate(
        "(layers) => amlakMap.map.queryRenderedFeatures({ layers }).map((feature) => feature.properties)", list(layers)
    )
    return found


def pixel(page: Page, lon: float, lat: float) -> list[int]:
    """Return the colour of the map at a place, from the canvas."""
    colour: list[int] = page.evaluate(
        """([lon, lat]) => { const { map } = amlakMap, from = map.getCanvas(), ratio = map.getPixelRatio();
        const at = map.project([lon, lat]), copy = document.createElement("canvas");
        Object.assign(copy, { width: from.width, height: from.height });
        const pen = copy.getContext("2d");
        pen.drawImage(from, 0, 0);
        return [...pen.getImageData(at.x * ratio, at.y * ratio, 1, 1).data]; }""",
        [lon, lat],
    )
    return colour


# ---- what is drawn ---------------------------------------------------------------------------------------------------

# One label alone on a white ground; how wide it is drawn, and the ink of each column of pixels.
DRAW_LABEL = """async ({ text, library, worker }) => {
    if (!globalThis.maplibregl) await new Promise((done, failed) => {
        const tag = Object.assign(document.createElement("script"), { src: library, onload: done, onerror: failed });
        document.head.append(tag);
    });
    const gl = globalThis.maplibregl;
    if (worker) gl.setWorkerUrl(new URL(worker, location.href).href);
    await document.fonts.load('400 32px "IBM Plex Sans Arabic"', text);
    const holder = document.createElement("div");
    for (const [name, value] of Object.entries({ position: "fixed", inset: "0 auto auto 0", width: "400px", height: "120px", zIndex: 99 }))
        holder.style[name] = value;
    document.body.append(holder);
    const point = { type: "Feature", properties: { text }, geometry: { type: "Point", coordinates: [31, 30] } };
    const map = new gl.Map({ container: holder, center: [31, 30], zoom: 5, attributionControl: false, fadeDuration: 0,
        canvasContextAttributes: { preserveDrawingBuffer: true },
        style: { version: 8, sources: { one: { type: "geojson", data: point } }, layers: [
            { id: "ground", type: "background", paint: { "background-color": "#fff" } },
            { id: "label", type: "symbol", source: "one", layout: { "text-field": ["get", "text"], "text-size": 32, "text-max-width": 99,
                "text-font": ["IBM Plex Sans Arabic"] }, paint: { "text-color": "#000" } }] } });
    await map.once("idle");
    const from = map.getCanvas(), copy = document.createElement("canvas");
    Object.assign(copy, { width: from.width, height: from.height });
    const pen = copy.getContext("2d");
    pen.drawImage(from, 0, 0);
    const { data, width, height } = pen.getImageData(0, 0, copy.width, copy.height);
    const ink = Array.from({ length: width }, (_, x) => {
        let dark = 0;
        for (let y = 0; y < height; y += 1) dark += data[(y * width + x) * 4] < 128 ? 1 : 0;
        return dark;
    });
    const used = ink.map((dark, x) => (dark ? x : -1)).filter((x) => x >= 0);
    pen.font = '400 32px "IBM Plex Sans Arabic"';
    const result = { status: gl.getRTLTextPluginStatus(), ink, wide: used.length ? used.at(-1) - used[0] + 1 : 0,
        browser: pen.measureText(text).width * map.getPixelRatio() };
    map.remove();
    holder.remove();
    return result; }"""


def test_arabic_labels_are_joined_and_run_from_the_right_under_the_shipped_policy(
    page: Page, officer: User, context: BrowserContext, land: list[Parcel], watch: Watch, base_url: str
) -> None:
    answer = page.goto(at(land[0]))
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    page.wait_for_selector("[data-map-page][data-ready=true]", timeout=30_000)
    shaped = page.evaluate(DRAW_LABEL, {"text": LABEL, "library": "", "worker": ""})
    addresses = page.evaluate("JSON.parse(document.getElementById('tiles-engine').textContent)")
    bare = context.new_page()
    follow(bare, watch, base_url)
    bare.goto("/account/")  # MapLibre as it is, without the shaping that the map page loads
    unshaped = bare.evaluate(
        DRAW_LABEL, {"text": LABEL, "library": addresses["library"], "worker": addresses["worker"]}
    )
    assert shaped["status"] == "loaded"
    assert unshaped["status"] != "loaded"
    assert sum(shaped["ink"]) > 200
    assert shaped["ink"] != unshaped["ink"]
    # Joined letters are as wide as the browser itself sets them; letters that stand alone are not.
    assert abs(shaped["wide"] - shaped["browser"]) < 0.06 * shaped["browser"]
    assert abs(unshaped["wide"] - unshaped["browser"]) > 0.15 * unshaped["browser"]


def test_the_map_colours_by_status_use_or_custodian_and_says_so(page: Page, officer: User, land: list[Parcel]) -> None:
    opened(page, at(land[1]))
    lon, lat = middle(land[1])
    spot = (lon + 0.0002, lat)  # beside the number
    by_status = pixel(page, *spot)
    title = page.locator("[data-legend-title]").inner_text()
    page.click("[data-theme-name=use]")
    expect(page.locator("[data-legend-title]")).not_to_have_text(title)
    settled(page)
    assert pixel(page, *spot) != by_status
    assert page.get_attribute("[data-theme-name=use]", "aria-pressed") == "true"
    page.click("[data-theme-name=custodian]")
    expect(page.locator("[data-lines] li").first).to_be_visible()
    page.wait_for_function("() => location.search.includes('theme=custodian')")
    counts = [int(text or 0) for text in page.locator("[data-lines] [data-count]").all_inner_texts()]
    settled(page)
    assert sum(counts) == len(drawn(page, "parcels-fill")) == 3


def test_a_layer_leaves_the_map_and_comes_back(page: Page, officer: User, land: list[Parcel]) -> None:
    builders.an_asset(parcel=land[0])
    opened(page, at(land[0]))
    assert drawn(page, "parcels-fill")
    page.click(".toolset summary")
    page.locator("[data-layers] label").first.click()
    settled(page)
    page.wait_for_function("() => amlakMap.map.getLayoutProperty('parcels-fill', 'visibility') === 'none'")
    assert "off=parcels" in page.url
    page.locator("[data-layers] label").first.click()
    page.wait_for_function("() => amlakMap.map.getLayoutProperty('parcels-fill', 'visibility') !== 'none'")
    settled(page)
    assert len(drawn(page, "parcels-fill")) == 3


def test_far_out_a_place_carries_the_number_of_its_parcels_only(page: Page, officer: User, land: list[Parcel]) -> None:
    builders.an_asset(parcel=land[0])
    opened(page, at(land[0], zoom=8))
    shown = page.evaluate(
        "amlakMap.map.getStyle().layers.filter((l) => /-counts$/.test(l.id) && l.layout?.visibility !== 'none').map((l) => l.id)"
    )
    assert shown == ["parcels-counts"]
    assert {feature["count"] for feature in drawn(page, "parcels-counts")} == {3}


@pytest.mark.parametrize("zoom", [18, 21])
def test_parcels_are_drawn_at_the_deepest_zooms(page: Page, officer: User, land: list[Parcel], zoom: int) -> None:
    opened(page, at(land[1], zoom=zoom))
    assert {feature["number"] for feature in drawn(page, "parcels-fill")} >= {"2"}


def test_the_map_shows_the_land_as_it_stood_on_a_day(page: Page, officer: User, land: list[Parcel]) -> None:
    opened(page, at(land[1]))
    page.click("[data-date-menu] summary")
    page.fill("#map-day", "2019-12-31")  # the day before the parcels were entered
    page.wait_for_function("() => location.search.includes('on=2019-12-31')")
    settled(page)
    page.wait_for_function("() => amlakMap.map.queryRenderedFeatures({ layers: ['parcels-fill'] }).length === 0")
    expect(page.locator("#results [data-item]")).to_have_count(0)
    expect(page.locator("[data-date]")).to_have_text("31/12/2019")
    page.click("[data-today]")
    page.wait_for_function("() => amlakMap.map.queryRenderedFeatures({ layers: ['parcels-fill'] }).length === 3")
    expect(page.locator("#results [data-item]")).to_have_count(3)


# ---- coordinates and measures ----------------------------------------------------------------------------------------


def test_the_belt_is_computed_to_the_centimetre(page: Page, officer: User) -> None:
    found = page.evaluate(
        """async (points) => { const { toBelt, fromBelt } = await import("/static/tiles/projection.js");
        return points.map(([lon, lat]) => { const b = toBelt(lon, lat); return { ...b, back: fromBelt(b.e, b.n, b.code) }; }); }""",
        [[lon, lat] for _, lon, lat, *_ in GOLDEN],
    )
    for (name, lon, lat, code, east, north), got in zip(GOLDEN, found, strict=True):
        assert int(got["code"]) == code, name
        assert (got["e"], got["n"]) == (pytest.approx(east, abs=0.01), pytest.approx(north, abs=0.01)), name
        away = Transformer.from_crs(4326, code, always_xy=True, allow_ballpark=False).transform(lon, lat)
        assert (got["e"], got["n"]) == (pytest.approx(away[0], abs=0.01), pytest.approx(away[1], abs=0.01)), name
        assert (got["back"]["lon"], got["back"]["lat"]) == (pytest.approx(lon, abs=1e-8), pytest.approx(lat, abs=1e-8))


def test_the_place_under_the_pointer_is_read_in_both_systems_with_their_names(page: Page, officer: User) -> None:
    opened(page, "/map/?z=17&lat=30.5965&lon=32.2723")
    page.evaluate(
        "amlakMap.map.fire('mousemove', { lngLat: { lng: 32.2723, lat: 30.5965 }, point: amlakMap.map.project([32.2723, 30.5965]) })"
    )
    expect(page.locator("[data-wgs]")).to_have_text("30.596500 N · 32.272300 E")
    expect(page.locator("[data-belt]")).to_have_text("736,863 E · 876,797 N")
    expect(page.locator("[data-belt-name]")).to_have_text("الحزام الأحمر")
    expect(page.locator("[data-coordinates]")).to_contain_text("WGS 84")
    order = page.evaluate("getComputedStyle(document.querySelector('[data-belt]')).direction")
    assert order == "ltr"


def test_what_is_drawn_is_measured_on_the_ellipsoid_and_in_feddan_qirat_and_sahm(
    page: Page, officer: User, land: list[Parcel]
) -> None:
    opened(page, at(land[1]))
    lon, lat = middle(land[1])
    ring = [[lon, lat], [lon + 0.003, lat + 0.0004], [lon + 0.002, lat + 0.0031], [lon - 0.0007, lat + 0.002]]
    line = [[lon, lat], [lon + 0.05, lat + 0.02], [lon + 0.9, lat + 0.7]]
    measured = page.evaluate(
        """async ([ring, line]) => { const { areaOf, lengthOf, ledgerOf } = await import("/static/tiles/draw.js");
        return { area: areaOf(ring), length: lengthOf(line.slice(0, 2)), far: lengthOf(line), ledger: ledgerOf(areaOf(ring)) }; }""",
        [ring, line],
    )
    geod = Geod(ellps="WGS84")
    area = abs(geod.polygon_area_perimeter(*zip(*ring, strict=True))[0])
    assert measured["area"] == pytest.approx(area, rel=1e-5)
    assert measured["length"] == pytest.approx(geod.line_length(*zip(*line[:2], strict=True)), rel=1e-6)
    assert measured["far"] == pytest.approx(geod.line_length(*zip(*line, strict=True)), rel=1e-4)
    parts = areas.m2_to_fqs(Decimal(str(measured["area"])), 0)
    assert measured["ledger"] == [parts.feddan, parts.qirat, parts.sahm]


def test_an_outline_is_drawn_by_clicks_and_its_area_shown(page: Page, officer: User, land: list[Parcel]) -> None:
    opened(page, at(land[1]))
    page.click("[data-tool=polygon]")
    box = page.locator("#map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for across, down in ((-60, -40), (60, -40), (60, 40)):
        page.mouse.click(x + across, y + down)
        page.wait_for_timeout(350)  # slower than a double click
    page.click("[data-finish]")
    expect(page.locator("[data-figures]")).to_have_text(re.compile(r"^[\d,]+ م²$"))
    expect(page.locator("[data-ledger]")).to_be_visible()
    assert page.locator("[data-ledger] i").all_inner_texts() == ["س", "ط", "ف"]
    page.click("[data-inside]")
    page.wait_for_function("() => location.search.includes('within=')")
    expect(page.locator("[data-drop=within]")).to_be_visible()


# ---- address, card, keys ---------------------------------------------------------------------------------------------


def test_an_address_brings_back_view_layers_theme_and_choice(page: Page, officer: User, land: list[Parcel]) -> None:
    opened(page, at(land[0], zoom=15.5, theme="use", off="assets", sel=str(land[2].pk)))
    expect(page.locator("#card [data-card]")).to_be_visible()
    page.evaluate("amlakMap.map.jumpTo({ zoom: 17.25, center: [32.27, 30.59] })")
    page.wait_for_function("() => location.search.includes('z=17.25')")
    kept = page.url
    page.goto("about:blank")
    opened(page, kept)
    zoom, lon, lat = page.evaluate(
        "[amlakMap.map.getZoom(), amlakMap.map.getCenter().lng, amlakMap.map.getCenter().lat]"
    )
    assert (zoom, lon, lat) == (
        pytest.approx(17.25, abs=0.01),
        pytest.approx(32.27, abs=1e-5),
        pytest.approx(30.59, abs=1e-5),
    )
    assert page.get_attribute("[data-theme-name=use]", "aria-pressed") == "true"
    assert page.evaluate("amlakMap.map.getLayoutProperty('assets-fill', 'visibility')") == "none"
    assert page.evaluate("amlakMap.map.getFilter('parcels-pick')")[-1] == str(land[2].pk)
    expect(page.locator("#card h2")).to_have_text("القطعة 3")


def test_a_click_on_land_opens_its_card_and_the_card_its_file(page: Page, officer: User, land: list[Parcel]) -> None:
    opened(page, at(land[1]))
    box = page.locator("#map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#card h2")).to_have_text("القطعة 2")
    expect(page.locator(f"[data-item][data-id='{land[1].pk}']")).to_have_attribute("aria-current", "true")
    assert f"sel={land[1].pk}" in page.url
    page.click("#card .ft a.p")
    page.wait_for_url(f"**/parcels/{land[1].pk}/")
    page.focus(f".plan a[href*='{land[2].pk}']")  # the neighbour on the plan
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/parcels/{land[2].pk}/")


def test_arrows_walk_the_list_the_map_follows_and_escape_closes(page: Page, officer: User, land: list[Parcel]) -> None:
    opened(page, at(land[0]))
    rows = page.locator("#results [data-item]")
    expect(rows).to_have_count(3)
    assert [text.split()[0] for text in rows.locator(".pn").all_inner_texts()] == ["1", "2", "3"]
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.wait_for_function("(id) => amlakMap.store.sel === id", arg=str(land[1].pk))
    expect(page.locator("#card h2")).to_have_text("القطعة 2")
    expect(page.locator("#live")).to_contain_text("2")  # said to those who hear the page
    page.keyboard.press("ArrowUp")
    page.wait_for_function("(id) => amlakMap.store.sel === id", arg=str(land[0].pk))
    page.keyboard.press("Escape")
    expect(page.locator("#card [data-card]")).to_have_count(0)
    assert "sel=" not in page.url


def test_tab_leads_from_the_box_by_the_filters_and_the_list_to_the_map(
    page: Page, officer: User, land: list[Parcel]
) -> None:
    opened(page, at(land[0]))
    page.focus("#map-q")
    seen = []
    for _ in range(24):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                """() => { const on = document.activeElement;
                return on.matches("[data-status]") ? "filter" : on.matches("[data-item]") ? "row"
                    : on.matches("canvas") ? "map" : on.matches("[data-theme-name]") ? "theme" : on.matches("[data-do]") ? "zoom" : ""; }"""
            )
        )
    order = [name for name in dict.fromkeys(seen) if name]
    assert order == ["filter", "row", "map", "theme", "zoom"]


def test_the_map_goes_by_arrow_keys_and_plus_and_minus(page: Page, officer: User, land: list[Parcel]) -> None:
    opened(page, at(land[0]))
    page.focus("#map canvas")
    before = page.evaluate("[amlakMap.map.getCenter().lng, amlakMap.map.getZoom()]")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("(lng) => amlakMap.map.getCenter().lng > lng", arg=before[0])
    page.keyboard.press("Equal")
    page.wait_for_function("(zoom) => amlakMap.map.getZoom() > zoom", arg=before[1])


# ---- paper, phones, machines without drawing -------------------------------------------------------------------------


def test_the_map_goes_to_paper_with_scale_grid_legend_and_north(page: Page, officer: User, land: list[Parcel]) -> None:
    opened(page, at(land[1]))
    page.evaluate("void (window.print = () => { window.printed = (window.printed ?? 0) + 1; })")
    page.click("[data-do=print]")
    page.wait_for_function("() => window.printed === 1", timeout=30_000)
    sheet = page.locator("[data-printed]")
    wide, painted = sheet.locator("canvas").evaluate(
        """(canvas) => { const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return [canvas.width, new Set(Array.from({ length: 4000 }, (_, i) => data.slice(i * 4 * 983, i * 4 * 983 + 3).join())).size]; }"""
    )
    assert wide >= 2 * 900  # sharper than the screen
    assert painted > 3
    assert "EPSG:22992" in (sheet.text_content() or "")
    assert re.search(r"\d+ k?m", sheet.locator("[data-printed-scale]").text_content() or "")
    assert sheet.locator("[data-printed-legend] li").count() >= 8
    assert "جمهورية مصر العربية" in (sheet.text_content() or "")
    page.emulate_media(media="print")
    expect(sheet).to_be_visible()
    expect(page.locator(".res")).to_be_hidden()


def test_what_is_in_view_is_carried_away_with_the_filters_of_the_map(
    page: Page, officer: User, land: list[Parcel]
) -> None:
    opened(page, at(land[0], 18, status="FREE"))
    page.get_by_role("link", name="تصدير ما في المشهد").click()
    page.wait_for_url(re.compile("/exports/"))
    expect(page.get_by_role("checkbox", name="القطع")).to_be_checked()
    expect(page.get_by_text("الموقف: متاحة")).to_be_visible()
    expect(page.get_by_text("الجزء المعروض")).to_be_visible()
    west, south, east, north = map(float, page.locator("input[name=bbox]").input_value().split(","))
    lon, lat = middle(land[0])
    assert west < lon < east
    assert south < lat < north


def test_on_a_phone_map_and_list_take_turns_and_nothing_overflows(
    page: Page, officer: User, land: list[Parcel]
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    opened(page, at(land[1]))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    expect(page.locator(".res")).to_be_hidden()
    page.click("[data-show-panel=list]")
    expect(page.locator("#results [data-item]").first).to_be_visible()
    page.locator("#results [data-item]").nth(1).click()
    expect(page.locator("#card h2")).to_have_text("القطعة 2")
    card = page.locator("#card").bounding_box()
    assert card is not None
    assert card["x"] >= 0
    assert card["x"] + card["width"] <= 360


def test_without_drawing_by_the_graphics_card_the_list_remains_and_says_why(page: Page, officer: User) -> None:
    page.add_init_script(
        """const real = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) { return /webgl/.test(kind) ? null : real.call(this, kind, ...rest); };"""
    )
    page.goto("/map/")
    expect(page.locator("[data-without]")).to_be_visible()
    expect(page.locator("[data-without]")).to_contain_text("هذا المتصفح لا يرسم الخرائط")
    expect(page.locator("#results [data-item]")).to_have_count(3)
    page.fill("#map-q", "2")
    expect(page.locator("#results [data-item]")).to_have_count(1)
    page.locator("#results [data-item]").first.click()
    page.wait_for_url("**/parcels/**")
