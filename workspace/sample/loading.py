"""Fills the register with the sample, batch by batch, as the application's role."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

from django.db import connection, transaction

from authority.models import Place
from jobs.services import queue
from parcels.models import Parcel
from search import registry
from search import services as search
from tiles.services import bump
from workspace.sample.book import Recorder
from workspace.sample.copying import Table, Writers, write_now
from workspace.sample.courts import make_holidays, make_suits
from workspace.sample.entry import Book
from workspace.sample.files import make_files
from workspace.sample.letters import make_letters
from workspace.sample.mesh import STRIP
from workspace.sample.plots import Layout, Plot, Site, lay_out
from workspace.sample.settle import make_hods, make_places, shares
from workspace.sample.staff import make_accounts, make_custodians, make_offices

BATCH = 8_000  # plots in one transaction of a large sample
SMALL = 20_000  # up to so many, everything is one transaction
Placed = tuple[Site, Plot, int, str]


@dataclass(frozen=True)
class Wish:
    """What sample is wanted; the same wish gives the same sample."""

    parcels: int
    seed: int
    on: dt.date


def is_filled() -> bool:
    """Say whether the register already holds the sample."""
    return Parcel.objects.filter(invented=True).exists()


def fill(wish: Wish) -> int:
    """Make the whole sample; return the number of parcels."""
    if wish.parcels <= SMALL:
        with transaction.atomic():
            return _fill(wish, None)
    with seldom_collected(), Writers(2) as writers:
        return _fill(wish, writers)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let Python look for circles of objects more seldom: millions of rows hold none, and looking costs a sixth."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _fill(wish: Wish, writers: Writers | None) -> int:
    with transaction.atomic() if writers else nullcontext():
        sites = make_places(wish.seed)
        custodians = make_custodians()
        make_offices(custodians)
        users = make_accounts(wish.on)
    ids = {code: one.pk for code, one in custodians.items()}
    recorder = Recorder(Book(wish.on, wish.seed, ids, users["property_officer"].pk))
    count = 0
    for plots in batches(sites, wish.parcels):
        batch = recorder.record(plots)
        count += len(plots)
        if writers:
            writers.put(batch.tables)
        else:
            write_now(batch.tables)
    _beaches(recorder, sites)
    if writers:
        writers.finish()
    make_holidays(wish.on)
    make_files(wish.on, wish.seed)
    make_suits(wish.on, wish.seed)
    make_letters(wish.on)
    make_findable(writers)
    for layer in ("places", "parcels", "assets"):
        for governorate in ("02", "19"):
            bump(layer, governorate)
    queue("tiles.count_all", by=users["system"])
    return count


def make_findable(writers: Writers | None) -> None:
    """Fill the search index; a large sample goes through the writers, while the next rows are being made."""
    if writers is None:
        for kind in registry.kinds():
            search.reindex(kind.kind)
        return
    with ThreadPoolExecutor(2) as pool:  # one waits for the database while the other makes words
        for made in [pool.submit(_index, kind, writers) for kind in registry.kinds()]:
            made.result()


def _index(kind: registry.Findable, writers: Writers) -> None:
    """Hand the index rows of a kind to the writers; runs in a thread with a connection of its own."""
    try:
        search.clear(kind.kind)  # done before the writers bring the same rows
        with transaction.atomic():  # so that rows stream
            for rows in search.batches(kind.kind, kind.entries(None)):
                writers.put([Table("search_searchentry", search.COLUMNS, list(search.lines_of(rows)))])
    finally:
        connection.close()


def _beaches(recorder: Recorder, sites: list[Site]) -> None:
    for site in sites:
        if site.quarter.coastal:
            write_now(recorder.beaches(site, Place.objects.get(code=site.code).pk).tables)


def batches(sites: list[Site], wanted: int) -> Iterator[list[Placed]]:
    """Yield the plots of all quarters in batches; what a full quarter cannot hold goes to the next."""
    waiting: list[Placed] = []
    left, owed = wanted, 0
    for site, count in shares(sites, wanted):
        owed += count
        for placed in _settled(site, min(owed, left)):
            take = placed[: min(owed, left)]
            waiting += take
            owed, left = owed - len(take), left - len(take)
            if len(waiting) >= BATCH:
                yield waiting
                waiting = []
    if waiting:
        yield waiting


def _settled(site: Site, wanted: int) -> Iterator[list[Placed]]:
    """Lay a quarter out and make its hods; yield the plots of each block with their place."""
    layouts = list(lay_out(site, wanted))
    hods = make_hods([one.hod for one in layouts if one.hod])
    quarter = Place.objects.get(code=site.code).pk
    for layout in layouts:
        yield [_at(layout, plot, hods, quarter) for plot in layout.plots]


def _at(layout: Layout, plot: Plot, hods: dict[str, int], quarter: int) -> Placed:
    """Put a plot into its hod; lanes belong to the quarter as a whole."""
    if layout.hod is None or plot.role != STRIP:
        return layout.site, plot, quarter, layout.site.code
    return layout.site, plot, hods[layout.hod.code], layout.hod.code
