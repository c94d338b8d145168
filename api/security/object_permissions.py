"""Object permissions: an account that is bound to wards or provinces writes about these alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import Connection
from starlette.requests import Request

from api.core.problems import ForbiddenError
from api.core.service import Service
from api.security.identity import Identity
from api.security.permissions import RULES
from geo.analysis.flags.flag import Flag
from geo.analysis.reconcile import reconcile
from geo.errors import InputError, Problem, UnknownNameError
from geo.i18n.message import Message
from geo.importing.reports.recorded import alike_numbers
from geo.records.entries import NewReport
from geo.records.kinds.fields import Concerned
from geo.records.kinds.registry import kind, kind_of
from geo.records.kinds.spec import Access, KindSpec, NewEntry
from geo.records.ledger import queries
from geo.records.ledger import write_transaction as ledger
from geo.records.model.errors import UnknownRowError
from geo.records.model.vocabulary import vocabulary
from geo.records.publishing import Draft, draft_of
from geo.records.validation.entry_checks import clean
from geo.reference.cities import City, cities, city, every_list
from geo.reference.lists.names import list_name
from geo.reference.programmes import load_programmes
from geo.reference.wards import load_wards
from geo.situation import registers_ever
from geo.visibility import Role
from geo.visibility.flags import visible_flag
from geo.visibility.rows import answering_wards


class ServiceDuties:
    """Who answers for what, by the registers, flags and records of a service; what kinds of record ask for."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def of_site(self, site_id: str) -> frozenset[str]:
        """The wards that answer for a site: crossed for more than a sliver, or declared; none for an unknown site."""
        return site_wards(self._service, site_id)

    def of_flag(self, flag_id: str) -> frozenset[str]:
        """The wards of a flag of today; none where there is no such flag."""
        flag = flag_named(self._service, flag_id)
        return frozenset(code for code, _ in flag.wards) if flag else frozenset()

    def of_row(self, kind_name: str, row_id: int) -> Concerned:
        """What a recorded row is about."""
        spec = kind(kind_name)
        return spec.concerns(_row(self._service, spec, row_id), self)


def require_own(service: Service, identity: Identity, entry: NewEntry, corrects: int | None = None) -> None:
    """Refuse a write that takes a higher role, or is about another ward, or in the name of another office.

    Raises
    ------
    ForbiddenError
        The kind takes another role, or the entry or the row that it corrects is about a ward that is not the account's,
        or a ward account names another office than its own, or the row is another office's (`require_own_row`).
    InputError
        An administrator corrects another office's row and gives no reason (the note); the entry is about no ward
        because something is wrong with it; it holds a term that the software alone writes.
    UnknownRowError
        There is no row to correct, or to link to, that the account may know of.
    """
    spec = kind_of(entry)
    _require_role(spec, identity)
    spec.refuse_reserved(entry)
    if not identity.viewer.sees_all:
        _require_known_links(service, identity, spec, entry)
        record = spec.rows([entry], service.store.registers)[0]
        _require_own_place(service, identity, spec, record, lambda: ledger.refuse(service.store.check(entry)))
    if identity.role == Role.WARD:
        _require_own_name(spec, identity, entry)
    if corrects is not None:
        require_own_row(service, identity, spec.name, corrects, reason=entry.note)


def require_own_row(
    service: Service, identity: Identity, kind_name: str, row_id: int, *, reason: str | None = None
) -> None:
    """Refuse to correct or take back a row of another ward or office; an administrator may, with a reason.

    Without a `reason` (None) it is not asked for one: whether the account may at all. Errors as `require_own`.
    """
    spec = kind(kind_name)
    _require_role(spec, identity)
    row = _known_row(service, identity, spec, row_id)
    if not identity.viewer.sees_all:
        _require_own_place(service, identity, spec, row)
    if clean(str(row["recorded_office"])) == clean(identity.actor.office):
        return
    if identity.role < Role.ADMIN:
        raise ForbiddenError(Problem("records.another-office", _kind_of(spec), office=row["recorded_office"]))
    if reason is not None and not clean(reason):
        raise InputError(Problem("records.reason-needed", "note", office=row["recorded_office"]))


def own_numbers(service: Service, identity: Identity, kind_name: str) -> set[int]:
    """The numbers of all rows of a kind with a ward that are about the account's wards."""
    found = (service.store.history(kind_name, ward_code=code)["id"] for code in identity.viewer.own)
    return {int(number) for numbers in found for number in numbers}


def readable(
    service: Service, identity: Identity, spec: KindSpec, records: Sequence[Mapping[Any, Any]]
) -> list[dict[str, Any]]:
    """Those records of a kind that an account may read, JSON-ready, with the fields that are open to it.

    An account that is bound to wards or provinces reads what concerns one of its wards, or its city; of the rest what
    everybody may read, the other fields None.
    """
    everything, public = ("id", *spec.listing, "recorded_at"), ("id", *spec.public_fields, "recorded_at")
    if identity.role < Role.WARD:
        return [_shown(record, public) for record in records]
    if identity.viewer.sees_all:
        return [_shown(record, everything) for record in records]
    duties = ServiceDuties(service)
    found = []
    for record in records:
        mine = is_own(service, identity, record, spec.concerns(record, duties).wards)
        if mine or spec.public_fields:
            found.append(_shown(record, everything if mine else public, everything))
    return found


def _shown(record: Mapping[Any, Any], names: Sequence[str], all_names: Sequence[str] = ()) -> dict[str, Any]:
    """The fields of a record, JSON-ready; those of `all_names` that are not among them are None."""
    row: dict[str, Any] = dict.fromkeys(all_names) | {
        name: None if record[name] != record[name] else record[name] for name in names
    }
    days = {name: value for name, value in row.items() if isinstance(value, date)}
    return row | {n: day.isoformat() if n == "recorded_at" else f"{day:%Y-%m-%d}" for n, day in days.items()}


def role_of(access: Access) -> Role:
    """The role that a kind of record names."""
    return Role[access.upper()]


def site_wards(service: Service, site_id: str) -> frozenset[str]:
    """The wards that answer for a site, or did when it was last listed: crossed for more than a sliver, or declared."""
    for place in cities():
        registers = registers_ever(place.slug, service.store)
        found = answering_wards(reconcile(registers.sites, registers.crossings))
        if site_id in found:
            return found[site_id]
    return frozenset()


def flag_named(service: Service, flag_id: str) -> Flag | None:
    """The flag of today with this id, or with this id of its events; None if no city has one."""
    for place in cities():
        for flag in service.situation(city=place.slug).flags or ():
            if flag_id in (flag.flag_id, flag.event_id):
                return flag
    return None


def known_flag(service: Service, flag_id: str, identity: Identity) -> Flag:
    """The flag of today with this id; errors as for one that does not exist where the identity may not know of it.

    Raises
    ------
    UnknownNameError
        There is none that the identity may know of.
    """
    flag = flag_named(service, flag_id)
    if flag is None or visible_flag(flag, identity.viewer) is None:
        raise UnknownNameError("flag", flag_id[:130], [])
    return flag


def _require_role(spec: KindSpec, identity: Identity) -> None:
    if identity.role < role_of(spec.write_role):
        role = vocabulary().groups["role"][spec.write_role]
        raise ForbiddenError(Problem("records.role-needed", _kind_of(spec), role=role))


def _require_own_name(spec: KindSpec, identity: Identity, entry: NewEntry) -> None:
    """An office signs for itself; the city enters what other offices found."""
    for column in spec.columns:
        office = getattr(entry, column.name) if column.rule.own_office else ""
        if office and clean(office) != clean(identity.office):
            raise ForbiddenError(Problem("records.sign-as-own", column.name, office=identity.office))


def _require_own_place(
    service: Service,
    identity: Identity,
    spec: KindSpec,
    row: Mapping[str, Any],
    without_place: Callable[[], None] = lambda: None,
) -> None:
    """Refuse what is about another ward, or, where it is about none, another city; else `without_place` comes first."""
    concerned = spec.concerns(row, ServiceDuties(service))
    if not concerned.wards:
        slug = city_of_record(service, row)
        if slug and identity.provinces:
            require_city(identity, slug)
            return
        # Without a place, or with one abroad, it is about no ward: that is what is wrong, and not whose it is.
        without_place()
    if concerned.within(identity.viewer.own):
        return
    if identity.provinces:
        raise ForbiddenError(Problem("records.another-province", _kind_of(spec), cities=city_names(identity)))
    raise ForbiddenError(Problem("records.another-ward", _kind_of(spec), wards=_named(identity.wards)))


def require_city(identity: Identity, slug: str) -> None:
    """Refuse what is about a city (slug) of another province than those that the account is bound to.

    Raises
    ------
    ForbiddenError
        It is.
    """
    if not may_work_on(identity, slug):
        raise ForbiddenError(Problem("security.another-city", city=list_name(city(slug)), cities=city_names(identity)))


def acting_in(request: Request, identity: Identity, place: City) -> Identity:
    """An account on a page of one city: of another than its own with the rights of the public.

    Raises
    ------
    ForbiddenError
        The page is for those who work on that city.
    """
    shown = identity.in_city(place)
    if shown is identity:
        return identity
    method = "GET" if request.method == "HEAD" else request.method
    rule = RULES.get((method, request.scope["state"].get("route", "")))
    if rule is None or rule.role > shown.role:
        require_city(identity, place.slug)
    return shown


def may_work_on(identity: Identity, slug: str) -> bool:
    """Whether an account may work on a city (slug)."""
    return identity.in_city(city(slug)) is identity


def own_draft(service: Service, identity: Identity, number: int) -> Draft:
    """The draft of a number; errors as `draft_of`, and as `require_city` where it is of another city."""
    found = draft_of(service.store, number)
    require_city(identity, found.city)
    return found


def city_names(identity: Identity) -> list[str]:
    """The names of the cities that an account is bound to."""
    return [list_name(place) for place in every_list() if place.key in identity.provinces]


def city_of_record(service: Service, row: Mapping[str, Any]) -> str:
    """The city (slug) that a record names, itself or by its programme; '' where it names none."""
    named = row.get("city")
    if isinstance(named, str) and named:
        return named
    programme = row.get("programme")
    found = service.store.programme_versions()
    recorded = dict(zip(found["programme"], found["city"], strict=True)) if programme else {}
    return str(recorded.get(programme, "")) or next((p.city for p in load_programmes() if p.id == programme), "")


def is_own(service: Service, identity: Identity, row: Mapping[Any, Any], wards: frozenset[str]) -> bool:
    """Whether a record about these wards, or about none, concerns the account: one of its wards, or its city."""
    if wards or not identity.provinces:
        return bool(wards & identity.viewer.own)
    slug = city_of_record(service, row)
    return bool(slug) and city(slug).key in identity.provinces


def _require_known_links(service: Service, identity: Identity, spec: KindSpec, entry: NewEntry) -> None:
    """A number that a ward may not know of is as one that there is not."""
    for column in spec.columns:
        number = getattr(entry, column.name) if column.rule.link else None
        if number is not None:
            _known_row(service, identity, kind(column.rule.link), number)


def _known_row(service: Service, identity: Identity, spec: KindSpec, row_id: int) -> Mapping[str, Any]:
    """A row; for a bound account one that it may know: about its wards or city, or of a kind that is partly public."""
    row = _row(service, spec, row_id)
    if not identity.viewer.sees_all and not spec.public_fields:
        wards = spec.concerns(row, ServiceDuties(service)).wards
        if not is_own(service, identity, row, wards):
            raise UnknownRowError(spec.shown, str(row_id))
    return row


def _kind_of(spec: KindSpec) -> str | Message:
    """What the kind of a record is called, for where a problem stands."""
    return spec.shown if isinstance(spec.shown, Message) else str(spec.shown)


def _named(codes: Iterable[str]) -> list[str]:
    """The names of wards; a code that no ward bears stays."""
    wards = load_wards()
    names = dict(zip(wards["code"], wards["full_name"], strict=True))
    return [str(names.get(code, code)) for code in codes]


def _row(service: Service, spec: KindSpec, row_id: int) -> Mapping[str, Any]:
    found = service.store.history(spec.name, id=row_id)
    if found.empty:
        raise UnknownRowError(spec.shown, str(row_id))
    return cast("Mapping[str, Any]", found.iloc[0].to_dict())


def reports_alike(service: Service, identity: Identity, report: NewReport, connection: Connection) -> tuple[int, ...]:
    """The numbers of recorded reports that say what `report` says; to an account its own reports only."""
    return alike_numbers(connection, report, service.store.registers, identity.bounds)


def records_alike(service: Service, identity: Identity, entry: NewEntry, connection: Connection) -> tuple[int, ...]:
    """The numbers of the records that say what `entry` says."""
    if isinstance(entry, NewReport):
        return reports_alike(service, identity, entry, connection)
    spec = kind_of(entry)
    return tuple(queries.saying(connection, spec, spec.rows([entry], service.store.registers)[0]))
