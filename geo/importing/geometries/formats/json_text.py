"""JSON as files hold it: UTF-8 or UTF-16, with or without a mark, one document or a sequence of them."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from geo.errors import InputError
from geo.importing.geometries.model import unusable
from geo.importing.tables.encodings import decoded, reads_as_vietnamese

_AFTER_NAMES = re.compile(rb'(?<!\\)"\s*:')
_SEPARATORS = "\x1e \t\r\n,"


def documents(content: bytes, where: str) -> list[Any]:
    """The JSON documents of a file: one, or those of a sequence (a document a line, or after a record separator).

    Raises
    ------
    InputError
        It is not JSON; the line is named at which it stops being. Or an object holds a member twice.
    """
    try:
        document = _parsed(content)
    except (ValueError, RecursionError) as error:
        reason = str(error)
    else:
        refuse_repeated(content, document, where)
        return [document]
    text = _decoded(content, where)
    try:
        return [json.loads(text)]
    except RecursionError as error:
        raise unusable("reference.not-json", where, reason=str(error)) from error
    except ValueError as error:
        reason = str(error)
    found = _sequence(text, where)
    if not found:
        raise unusable("reference.not-json", where, reason=reason)
    return found


def _parsed(content: bytes) -> Any:
    import orjson

    return orjson.loads(content.removeprefix(codecs.BOM_UTF8))


def refuse_repeated(content: bytes, document: Any, where: str) -> None:
    """Refuse an object that holds a member twice: parsers read one of the two, and say nothing of the other.

    In JSON a colon follows a quotation mark after each name of a member and nowhere else, so that there are more of
    these than members where one was passed over; only then the objects are looked through one by one.
    """
    if len(_AFTER_NAMES.findall(content)) <= _members(document):
        return
    names = list[str]()

    def look(pairs: list[tuple[str, Any]]) -> None:
        counted = Counter(name for name, _ in pairs)
        names.extend(name for name, times in counted.items() if times > 1)

    json.loads(content.removeprefix(codecs.BOM_UTF8), object_pairs_hook=look)
    if names:
        raise unusable("importing.repeated-member", where, name=names[0][:60])


def _members(value: Any) -> int:
    """How many members all objects of a document have; lists are entered where they begin with an object."""
    if isinstance(value, dict):
        return len(value) + sum(_members(each) for each in value.values() if isinstance(each, dict | list))
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return sum(map(_members, value))
    return 0


def _decoded(content: bytes, where: str) -> str:
    """The text of a file: as of tables, or in CP1258 where what is not English in it reads as Vietnamese then."""
    try:
        return decoded(content, Path(where))
    except InputError:
        text = content.decode("cp1258", errors="replace")
        words = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
        if "\ufffd" in text or not reads_as_vietnamese(" ".join(words)):
            raise unusable("importing.text-encoding", where) from None
        return text


def _sequence(text: str, where: str) -> list[Any]:
    """The documents that follow one another in a text; none where already the first is broken."""
    decoder, found, at = json.JSONDecoder(), list[Any](), 0
    while True:
        while at < len(text) and text[at] in _SEPARATORS:
            at += 1
        if at == len(text):
            return found
        try:
            document, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            if not found:
                return []
            raise unusable(
                "importing.broken-sequence", where, line=text.count("\n", 0, at) + 1, reason=str(error)
            ) from error
        found.append(document)
