"""The lines of the audit log in words: what was done to what, by which way in.

The log itself holds the names that programs search by (`site_version.seed`, `api:office`); nobody has to read them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime

from geo.i18n.catalogue import find, texts
from geo.i18n.formats import formats
from geo.i18n.language import Lang
from geo.i18n.message import Bilingual, Message, shown
from geo.records.kinds.registry import kinds
from geo.records.kinds.spec import KindSpec, label_of
from geo.records.model.vocabulary import vocabulary

Names = Mapping[str, str]
"""Code of a ward → its name."""
_VERBS = ("add", "correct", "withdraw", "seed", "import", "publish", "view", "purge")
_DETAILS = {
    r"(\d+) rows?": "rows",
    r"(\d+) rows?, (\d+) recorded before": "rows-known",
    r"corrects (\d+)": "corrects",
    r"withdraws (\d+)": "withdraws",
    r"draft (\d+)": "draft",
    r"draft (\d+): (\d+) entries": "draft-entries",
    r"token (\d+)": "token",
    r"attempt (\d+)": "attempt",
    r"(\d+) sessions": "sessions",
}


def action_text(action: str, lang: Lang) -> str:
    """What was done: `site_version.seed` is a version of a site taken over from the plan; unknown ones as they are."""
    name, _, verb = action.partition(".")
    spec = _kinds().get(name)
    if spec is not None and verb in _VERBS:
        return Message(f"audit.do-{verb}", kind=spec.shown).text(lang)
    return _known(f"audit.is-{action.replace('.', '-')}", lang) or action


def origin_text(origin: str, lang: Lang) -> str:
    """The way in: the command line, or over the network from where."""
    return _known(f"audit.by-{origin.replace(':', '-')}", lang) or origin


def account_text(who: str, lang: Lang) -> str:
    """The account; what the program or the first plan wrote says so."""
    return _known(f"audit.who-{who}", lang) or who


def subject_text(action: str, subject: str, wards: Names, lang: Lang) -> str:
    """What it was done to: a number, a day, a document that was taken away; a name that people gave stays as it is."""
    if action.startswith("notice."):
        return _notice(subject, lang)
    if subject.startswith("/"):
        return _path(subject, wards, lang)
    if subject.isdecimal():
        return Message("audit.number", number=subject).text(lang)
    if subject.startswith("sha256:"):
        return Message("audit.file", digest=subject.removeprefix("sha256:")[:12]).text(lang)
    kind, colon, rest = subject.partition(": ")
    if colon and kind in _kinds():
        return f"{shown(_kinds()[kind].shown, lang)}: {rest}"
    return _day(subject, lang) or subject


def detail_text(action: str, detail: str, wards: Names, lang: Lang) -> str:
    """What else the line says."""
    for pattern, name in _DETAILS.items():
        found = re.fullmatch(pattern, detail)
        if found:
            values = {"count": int(found[1]), "number": found[1], "more": found[found.lastindex or 1]}
            return Message(f"audit.{name}", **values).text(lang)
    special = _SPECIAL.get(action)
    if special is not None and detail:
        return special(detail, wards, lang)
    return _day(detail, lang) or _known(detail, lang) or detail


def _rights(detail: str, wards: Names, lang: Lang) -> str:
    role, *codes = detail.split()
    return ", ".join((_term("role", role, lang), *(wards.get(code, code) for code in codes)))


def _headings(detail: str, _: Names, lang: Lang) -> str:
    found: dict[str, str] = json.loads(detail)
    return "; ".join(f"{heading} → {shown(label_of(field, None), lang)}" for heading, field in found.items())


def _handed_over(detail: str, _: Names, lang: Lang) -> str:
    """Recipient, way and what, as `geo.output.tasks.notice_log` writes them."""
    recipient, channel, what = (*detail.split(" | ", 2), "", "")[:3]
    way = find(lang, f"audit.to-{channel}") or channel
    return f"{recipient} ({way}): {texts(lang, 'pages').get(f'notices.why.{what}', what)}"


_SPECIAL: Mapping[str, Callable[[str, Names, Lang], str]] = {
    "account.add": _rights,
    "account.rights": _rights,
    "import.headings": _headings,
    "notice.sent": _handed_over,
    "notice.failed": _handed_over,
}


def _notice(subject: str, lang: Lang) -> str:
    what, _, day = subject.partition(":")
    if what not in ("digest", "failed"):
        return ""  # the key of a task; the detail says it in words
    return Message("audit.digest", day=_day(day, lang) or day).text(lang)


def _path(path: str, wards: Names, lang: Lang) -> str:
    """What an address shows, beside the action that names its kind: a number, a site, a ward, a format, a kind."""
    parts = []
    for piece in path.strip("/").split("/")[1:]:
        name, dot, ending = piece.partition(".")
        kind = next((spec for spec in kinds() if spec.path == name), None)
        if kind is not None:
            parts.append(shown(kind.shown, lang))
        elif name.isdecimal() and name not in wards:
            parts.append(Message("audit.number", number=name).text(lang))
        elif name in wards or re.fullmatch(r"[A-Z]+(-[A-Z0-9]+)+", name):
            parts.append(wards.get(name, name))
        parts += [ending.upper()] if dot else []
    return ", ".join(parts)


def _known(code: str, lang: Lang) -> str:
    text = find(lang, code) if re.fullmatch(r"[a-z]+\.[a-z-]+", code) else None
    return "" if text is None or "{" in text else text


def _term(group: str, name: str, lang: Lang) -> str:
    terms: dict[str, Bilingual] = {each.id: each for each in vocabulary().terms(group)}
    return shown(terms[name], lang) if name in terms else name


def _day(text: str, lang: Lang) -> str:
    """A day or a moment as people write it; '' where the text is neither."""
    try:
        return formats(lang).day(date.fromisoformat(text))
    except ValueError:
        pass
    try:
        return formats(lang).moment(datetime.fromisoformat(text))
    except ValueError:
        return ""


def _kinds() -> dict[str, KindSpec]:
    return {spec.name: spec for spec in kinds()}
