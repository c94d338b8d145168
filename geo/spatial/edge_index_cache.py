"""Edge indexes cached by the content of their polygons: in memory for this process, on disk for the next.

A cache, nothing more: what is missing, damaged or not writable is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import settings
from geo.files import place_beside
from geo.spatial.clearance import Clearance
from geo.spatial.edge_buckets import Buckets
from geo.spatial.edge_index import EdgeIndex, edge_index
from geo.spatial.lookup import point_lookup
from geo.spatial.raster import Raster
from geo.spatial.same_shapes import SameShapes

FORMAT = 8
"""Raised with every change of what is written, so that an older file is never read."""
_IN_MEMORY = 4
_BATCH = 256
"""Polygons hashed in one go."""
_ARRAYS = ("vertices", "first", "owners", "sure")
_BUCKETS = ("begin", "within", "edges")

_memory: OrderedDict[str, EdgeIndex] = OrderedDict()
_keys: SameShapes[str] = SameShapes(_IN_MEMORY)
_lock = Lock()


def cached_index(polygons: NDArray[np.object_], folder: Path | None = None) -> EdgeIndex:
    """The index of polygons, from memory, else from disk (`DIABAN_CACHE_DIR`), else built and, of valid ones, cached in
    both."""
    key = content_key(polygons)
    with _lock:
        if key in _memory:
            _memory.move_to_end(key)
            return _memory[key]
    place = _place(key, folder)
    index = load_index(place, polygons)
    if index is None:
        index = edge_index(polygons)
        if not shapely.is_valid(polygons).all():
            return index  # what is cached shows that it is valid
        with contextlib.suppress(OSError):
            shutil.rmtree(place, ignore_errors=True)  # what is there could not be read
            save_index(index, place)
    with _lock:
        _memory[key] = index
        while len(_memory) > _IN_MEMORY:
            _memory.popitem(last=False)
    return index


def known_valid(polygons: NDArray[np.object_], folder: Path | None = None) -> NDArray[np.bool_]:
    """`shapely.is_valid` for polygons, eight times as fast if there is an index of the same: only valid ones have one.

    Anything else than polygons in the array is looked at by `shapely.is_valid` itself.
    """
    areas = np.isin(shapely.get_type_id(polygons), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    if areas.all():
        key = content_key(polygons)
        if key in _memory or _place(key, folder).is_dir():
            return np.ones(len(polygons), dtype=bool)
    return np.asarray(shapely.is_valid(polygons))


def _place(key: str, folder: Path | None) -> Path:
    return (folder or settings.cache_dir()) / f"edges-{FORMAT}-{key}"


def content_key(polygons: NDArray[np.object_]) -> str:
    """A name for the exact rings and coordinates of polygons in their order (SHA-256 over batches, 24 hex digits)."""
    known = _keys.find(polygons)
    if known is not None:
        return known
    batches = [polygons[begin : begin + _BATCH] for begin in range(0, len(polygons), _BATCH)]
    # Hashing lets go of the interpreter; and no more than a few batches of coordinates are in memory at a time.
    with ThreadPoolExecutor(min(max(len(batches), 1), os.cpu_count() or 1)) as threads:
        key = hashlib.sha256(b"".join(threads.map(_digest, batches))).hexdigest()[:24]
    _keys.put(polygons, key)
    return key


def _digest(polygons: NDArray[np.object_]) -> bytes:
    """All that polygons are: their kind, how many parts each has, rings each part, vertices each ring, and where."""
    parts = shapely.get_parts(polygons)
    digest = hashlib.sha256()
    for content in (
        shapely.get_type_id(polygons),
        shapely.get_num_geometries(polygons),
        shapely.get_num_interior_rings(parts),
        shapely.get_num_coordinates(shapely.get_rings(parts)),
        shapely.get_coordinates(polygons),
    ):
        digest.update(np.ascontiguousarray(content).data)
    return digest.digest()


def save_index(index: EdgeIndex, place: Path) -> None:
    """Write the arrays of an index into the folder `place`, whole or not at all; raises `OSError` if it can't."""
    with place_beside(place) as folder:
        beside = folder / "index"
        beside.mkdir()
        for name in _ARRAYS:
            np.save(beside / f"{name}.npy", getattr(index, name))
        for name in _BUCKETS:
            np.save(beside / f"{name}.npy", getattr(index.buckets, name))
        raster = index.lookup.raster
        np.save(beside / "coarse.npy", raster.coarse)
        np.save(beside / "blocks.npy", raster.blocks)
        np.save(beside / "tiles.npy", index.clearance.tiles)
        np.save(beside / "table.npy", index.clearance.table)
        np.save(beside / "origin.npy", np.array([raster.west, raster.south, raster.cell, index.clearance.cell]))
        with contextlib.suppress(OSError):  # another process was quicker: its copy is as good
            beside.rename(place)


def load_index(place: Path, polygons: NDArray[np.object_]) -> EdgeIndex | None:
    """The index in the folder `place`, its arrays mapped into memory; None if it is not there, or damaged."""
    try:
        names = (*_ARRAYS, *_BUCKETS, "coarse", "blocks", "tiles", "table")
        vertices, first, owners, sure, begin, within, edges, coarse, blocks, tiles, table = (
            # The plain array over the same pages: every operation on a `memmap` costs a look at what it is.
            np.asarray(np.load(place / f"{name}.npy", mmap_mode="r"))
            for name in names
        )
        west, south, cell, fine = np.load(place / "origin.npy").tolist()
    except (OSError, ValueError, EOFError):
        return None
    if not (len(first) == len(owners) == len(sure) and len(begin) == len(within) == len(blocks)):
        return None
    if len(edges) != int(begin[-1]) + int(within[-1, -1]) or len(vertices) != int(first[-1]) + 2:
        return None
    lookup = point_lookup(polygons, Raster(coarse, blocks, west, south, cell))
    found = Buckets(begin, within, edges)
    return EdgeIndex(vertices, first, owners, sure, found, lookup, Clearance(tiles, table, west, south, fine))
