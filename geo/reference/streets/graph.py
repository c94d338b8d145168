"""Ways as a graph, and the way one drives along a street from one limit to the other.

The named ways are cheap, everything else is expensive but allowed: a bridge with another name, a roundabout, a gap in
the data. So a route stays on its street as long as the street is there, and what it had to borrow can be named.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

CONTEXT_COST = 25.0
"""A metre on a way of another name, in metres of the street."""
WRONG_WAY_COST = 6.0
"""A metre against the direction of travel."""
MINOR_COST = 3.0
"""A metre on a link or lane that bears the street's name beside its main ways."""
GAP_COST = 50.0
"""A metre where no way is."""
GAP_M = 150.0
"""The widest gap that is bridged."""

OWN = "own"
"""The label of the street's own ways."""

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class GraphWay:
    """A way as the graph takes it: metric vertices, cost of a metre forwards and backwards, and what it is called."""

    xy: NDArray[np.float64]
    forward: float
    backward: float
    label: str


@dataclass(slots=True)
class StreetGraph:
    """Vertices by their centimetre grid position; arcs as (neighbour, cost, length, label)."""

    arcs: dict[Key, list[tuple[Key, float, float, str]]] = field(default_factory=dict)
    xy: dict[Key, tuple[float, float]] = field(default_factory=dict)

    def add(self, way: GraphWay) -> None:
        """Add every segment of a way."""
        keys = [self.node(x, y) for x, y in way.xy]
        for a, b, step in zip(keys, keys[1:], np.diff(way.xy, axis=0), strict=False):
            length = float(np.hypot(*step))
            self.arcs[a].append((b, length * way.forward, length, way.label))
            self.arcs[b].append((a, length * way.backward, length, way.label))

    def node(self, x: float, y: float) -> Key:
        """The vertex at a position, made if it is not there."""
        key = (round(x * 100), round(y * 100))
        self.arcs.setdefault(key, [])
        self.xy.setdefault(key, (float(x), float(y)))
        return key


@dataclass(frozen=True, slots=True)
class Route:
    """A way through the graph: `xy` (n, 2) metres, its cost, and the metres borrowed by label ('' for a gap)."""

    xy: NDArray[np.float64]
    cost: float
    borrowed: tuple[tuple[str, float], ...]


def build_graph(ways: Iterable[GraphWay]) -> StreetGraph:
    """The graph of some ways; parts of it that lie within `GAP_M` of each other are joined by expensive arcs."""
    graph = StreetGraph()
    for way in ways:
        graph.add(way)
    _bridge_gaps(graph)
    return graph


def shortest(
    graph: StreetGraph, starts: dict[Key, float], goals: dict[Key, float], penalty: dict[tuple[Key, Key], float]
) -> Route | None:
    """The cheapest route from any start to any goal (each with a cost of its own), None where there is none.

    `penalty` multiplies the cost of single arcs.
    """
    best: dict[Key, float] = dict(starts)
    came: dict[Key, tuple[Key, float, str]] = {}
    queue = [(cost, key) for key, cost in starts.items()]
    heapq.heapify(queue)
    done: set[Key] = set()
    end: tuple[float, Key] | None = None
    while queue:
        cost, key = heapq.heappop(queue)
        if end is not None and cost >= end[0]:
            break
        if key in done:
            continue
        done.add(key)
        if key in goals and (end is None or cost + goals[key] < end[0]):
            end = (cost + goals[key], key)
        for other, step, length, label in graph.arcs[key]:
            total = cost + step * penalty.get((key, other), 1.0)
            if total < best.get(other, np.inf):
                best[other] = total
                came[other] = (key, length, label)
                heapq.heappush(queue, (total, other))
    return None if end is None else _route(graph, came, end[1], end[0])


def farthest(graph: StreetGraph, start: Key, hops: dict[Key, list[Key]]) -> Key:
    """The vertex of the street that lies farthest from `start`, by metres on any way.

    The direction of travel doesn't count, and `hops` lead across to the other carriageway: else its start, right
    beside `start`, would be the farthest, once up the street and down again.
    """
    best = {start: 0.0}
    queue = [(0.0, start)]
    last = start
    while queue:
        cost, key = heapq.heappop(queue)
        if cost > best[key]:
            continue
        if any(label == OWN for _, _, _, label in graph.arcs[key]):
            last = key
        across = [(other, math.dist(graph.xy[key], graph.xy[other])) for other in hops.get(key, ())]
        for other, length in (*across, *((arc[0], arc[2]) for arc in graph.arcs[key])):
            if cost + length < best.get(other, np.inf):
                best[other] = cost + length
                heapq.heappush(queue, (cost + length, other))
    return last


def _route(graph: StreetGraph, came: dict[Key, tuple[Key, float, str]], goal: Key, cost: float) -> Route:
    keys = [goal]
    borrowed: dict[str, float] = {}
    while keys[-1] in came:
        key, length, label = came[keys[-1]]
        if label != OWN:
            borrowed[label] = borrowed.get(label, 0.0) + length
        keys.append(key)
    xy = np.array([graph.xy[key] for key in reversed(keys)], dtype=float)
    return Route(xy, cost, tuple(sorted(borrowed.items())))


def _bridge_gaps(graph: StreetGraph) -> None:
    parts = _components(graph)
    points = (shapely.multipoints(np.array([graph.xy[key] for key in part])) for part in parts)
    clouds = np.array(list(points), dtype=object)
    a, b = shapely.STRtree(clouds).query(clouds, predicate="dwithin", distance=GAP_M)
    order = np.lexsort((b, a))
    near = order[a[order] < b[order]]
    for link in shapely.shortest_line(clouds[a[near]], clouds[b[near]]):
        graph.add(GraphWay(shapely.get_coordinates(link), GAP_COST, GAP_COST, ""))


def _components(graph: StreetGraph) -> Sequence[list[Key]]:
    seen: set[Key] = set()
    parts: list[list[Key]] = []
    for start in graph.arcs:
        if start in seen:
            continue
        part, stack = [], [start]
        seen.add(start)
        while stack:
            key = stack.pop()
            part.append(key)
            fresh = [arc[0] for arc in graph.arcs[key] if arc[0] not in seen]
            seen.update(fresh)
            stack.extend(fresh)
        parts.append(part)
    return parts
