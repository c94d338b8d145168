"""How one drives along a street: a route for each direction of travel between two limits."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.reference.streets.graph import (
    CONTEXT_COST,
    MINOR_COST,
    OWN,
    WRONG_WAY_COST,
    GraphWay,
    Key,
    Route,
    StreetGraph,
    build_graph,
    farthest,
    shortest,
)
from geo.reference.streets.limits import PLACE_REACH_M, Candidate
from geo.reference.streets.network import StreetNetwork
from geo.reference.streets.search import StreetMatch

CONTEXT_REACH_M = 60.0
"""Ways of other names are taken into the graph when they come this near to the street."""
FOOT_REACH_M = 80.0
"""A limit may be reached on any way of the street this much farther away than on the nearest: the other carriageway."""
COMPANION_M = 60.0
"""Without `oneway` tags, a second line along the street is its other carriageway when it stays this near."""
FOOT_COST = 8.0
"""A metre between a limit and the way, in metres of the street; over `WRONG_WAY_COST`: no route starts ahead."""

UNNAMED = "?"

_MAIN = {"motorway", "trunk", "primary", "secondary", "tertiary"}


@dataclass(frozen=True, slots=True)
class Drive:
    """The two routes of a stretch as lines in metres that both run from its start to its end.

    They are the same where the street is one carriageway. `borrowed` are the metres on ways of other names, as a mean
    of the two routes; '' is a gap, `UNNAMED` a way without a name.
    """

    forward: shapely.LineString
    backward: shapely.LineString
    borrowed: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class StreetRoutes:
    """The graph of a street and of what lies beside it."""

    graph: StreetGraph
    own: NDArray[np.object_]
    directed: bool

    @classmethod
    def of(cls, network: StreetNetwork, street: StreetMatch, ends: list[Candidate]) -> StreetRoutes:
        """The graph of a street, its ways split where a limit's foot falls on them."""
        lines = network.ways.lines
        own = lines[street.rows]
        points = [end.point for end in ends]
        whole = shapely.multilinestrings(own)
        shapely.prepare(whole)
        beside = np.setdiff1d(np.flatnonzero(shapely.dwithin(lines, whole, CONTEXT_REACH_M)), street.rows)
        oneways = network.ways["oneway"][street.rows]
        costs = _costs(network, street.rows)
        ways = [GraphWay(with_feet(line, points), *cost, OWN) for line, cost in zip(own, costs, strict=True)]
        names = network.ways["name"]
        for row in beside:
            label = names[row] or UNNAMED
            ways.append(GraphWay(shapely.get_coordinates(lines[row]), CONTEXT_COST, CONTEXT_COST, label))
        return cls(build_graph(ways), own, bool((oneways != "").any()))

    def drive(self, start: Candidate | None, end: Candidate | None) -> Drive | None:
        """The routes between two limits; a limit that is None is the street's end that lies farthest from the other.

        None where no route leads from one to the other.
        """
        starts, ends = self._terminals(start, end)
        there = shortest(self.graph, starts, ends, {})
        if there is None or len(there.xy) < 2:  # both limits at one vertex
            return None
        back = shortest(self.graph, ends, starts, {}) if self.directed else self._companion(starts, ends, there)
        if back is None or len(back.xy) < 2:
            return None
        forward = shapely.LineString(there.xy)
        backward = shapely.reverse(shapely.LineString(back.xy))
        return Drive(forward, backward, _mean_borrowed(there, back))

    def _terminals(self, start: Candidate | None, end: Candidate | None) -> tuple[dict[Key, float], dict[Key, float]]:
        if start is not None and end is not None:
            return self._feet(start), self._feet(end)
        hops = self._hops()
        if start is not None:
            feet = self._feet(start)
            return feet, self._around(farthest(self.graph, min(feet, key=lambda key: feet[key]), hops))
        if end is not None:
            feet = self._feet(end)
            return self._around(farthest(self.graph, min(feet, key=lambda key: feet[key]), hops)), feet
        anywhere = self._key(shapely.get_point(max(self.own, key=shapely.length), 0))
        first = farthest(self.graph, anywhere, hops)
        return self._around(first), self._around(farthest(self.graph, first, hops))

    def _hops(self) -> dict[Key, list[Key]]:
        """From each end of one of the street's ways to the ends of others beside it."""
        ends = np.concatenate([shapely.get_point(self.own, 0), shapely.get_point(self.own, -1)])
        tree = shapely.STRtree(ends)
        keys = [self._key(end) for end in ends]
        hops: dict[Key, list[Key]] = {}
        for a, b in tree.query(ends, predicate="dwithin", distance=FOOT_REACH_M).T:
            hops.setdefault(keys[a], []).append(keys[b])
        return hops

    def _around(self, key: Key) -> dict[Key, float]:
        """The street's end at a vertex, on every way of the street that ends near it."""
        x, y = self.graph.xy[key]
        return self._feet(Candidate(x, y, 0.0, 0.0))

    def _feet(self, end: Candidate) -> dict[Key, float]:
        """The vertices nearest to a limit on each of the street's ways within reach, and what it costs to get there."""
        distances = shapely.distance(self.own, end.point)
        reach = min(float(distances.min()) + FOOT_REACH_M, PLACE_REACH_M)
        feet: dict[Key, float] = {}
        for line, distance in zip(self.own, distances, strict=True):
            if distance <= reach:
                foot = shapely.line_interpolate_point(line, shapely.line_locate_point(line, end.point))
                feet[self._key(foot)] = float(distance - distances.min()) * FOOT_COST
        return feet

    def _key(self, point: shapely.Point) -> Key:
        """The graph's vertex at a point of one of the street's ways."""
        key = (round(point.x * 100), round(point.y * 100))
        if key in self.graph.arcs:
            return key
        return min(self.graph.arcs, key=lambda k: (k[0] - key[0]) ** 2 + (k[1] - key[1]) ** 2)

    def _companion(self, starts: dict[Key, float], ends: dict[Key, float], there: Route) -> Route | None:
        """Without `oneway` tags: another line along the street, if one runs beside the first nearly all the way."""
        keys = [(round(x * 100), round(y * 100)) for x, y in there.xy]
        used = dict.fromkeys([*pairwise(keys), *pairwise(keys[::-1])], WRONG_WAY_COST)
        other = shortest(self.graph, ends, starts, used)
        alone = Route(there.xy[::-1], there.cost, there.borrowed)
        if other is None or len(other.xy) < 2:  # where both ends of a small ring are near, the way back has no length
            return alone
        if sum(length for _, length in other.borrowed) > 0.2 * _length(other.xy):
            return alone
        apart = shapely.hausdorff_distance(shapely.LineString(other.xy), shapely.LineString(there.xy))
        return other if apart <= COMPANION_M else alone


def _costs(network: StreetNetwork, rows: NDArray[np.int64]) -> list[tuple[float, float]]:
    """What a metre costs along and against each way of a street."""
    tags = network.ways.taken(rows)
    main = np.isin(tags["highway"], list(_MAIN))
    has_main = bool(main.any())
    costs = []
    for is_main, oneway, junction in zip(main, tags["oneway"], tags["junction"], strict=True):
        cost = 1.0 if is_main or not has_main else MINOR_COST
        along = cost if oneway != "-1" else cost * WRONG_WAY_COST
        one = oneway == "yes" or junction in ("roundabout", "circular")
        costs.append((along, cost * WRONG_WAY_COST if one else cost))
    return costs


def with_feet(line: shapely.LineString, points: list[shapely.Point]) -> NDArray[np.float64]:
    """The vertices of a way, with further ones where the limits' feet fall."""
    xy: NDArray[np.float64] = shapely.get_coordinates(line)
    at = np.r_[0.0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))]
    feet = np.array([shapely.line_locate_point(line, point) for point in points])
    fresh = np.array([foot for foot in feet if np.abs(at - foot).min() > 0.01])
    if not len(fresh):
        return xy
    extra = shapely.get_coordinates(shapely.line_interpolate_point(line, fresh))
    order = np.argsort(np.r_[at, fresh], kind="stable")
    joined: NDArray[np.float64] = np.vstack([xy, extra])[order]
    return joined


def _mean_borrowed(there: Route, back: Route) -> tuple[tuple[str, float], ...]:
    total: dict[str, float] = {}
    for label, length in (*there.borrowed, *back.borrowed):
        total[label] = total.get(label, 0.0) + length / 2
    return tuple(sorted((label, length) for label, length in total.items() if length >= 1.0))


def _length(xy: NDArray[np.float64]) -> float:
    return float(np.hypot(*np.diff(xy, axis=0).T).sum())
