"""A value that is made when it is first needed."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")
Other = TypeVar("Other")


class Lazy(Generic[Value]):
    """A value that is made when it is first asked for, and once, however many threads ask."""

    __slots__ = ("_lock", "_make", "_value")

    def __init__(self, make: Callable[[], Value]) -> None:
        self._make: Callable[[], Value] | None = make
        self._lock = Lock()
        self._value: Value | None = None

    @property
    def is_made(self) -> bool:
        """Whether somebody asked for it before."""
        return self._make is None

    def get(self) -> Value:
        """The value. What making it raises is raised here, and the next one who asks has it tried anew."""
        with self._lock:
            if self._make is not None:
                self._value = self._make()
                self._make = None  # what it was made from need not be held any longer
            return self._value  # type: ignore[return-value]  # it is made by now, and may be None where Value allows it

    def __reduce__(self) -> tuple[Callable[[Any], Lazy[Any]], tuple[Value]]:
        """Another process gets the value itself: what it is made from (an open store) stays here."""
        return _made, (self.get(),)

    @staticmethod
    def nothing() -> Lazy[Any]:
        """A value that is None."""
        return Lazy(lambda: None)

    def then(self, change: Callable[[Value], Other]) -> Lazy[Other]:
        """Another value that follows from this one; made later as well."""
        return Lazy(lambda: change(self.get()))


def _made(value: Any) -> Lazy[Any]:
    return Lazy(lambda: value)
