"""A file that somebody brings, on disk or sent: its bytes, and a place on disk for libraries that want one."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from geo.errors import DataFileMissingError, Problem
from geo.files import read_bytes, reason_of, scratch
from geo.importing.geometries.model import LIMITS, Limits, TooLargeError

HEAD = 4096
"""Bytes from which a format is recognised."""


class Source:
    """A file by its path, or by its bytes and a name; used as a context, at whose end what was unpacked is removed."""

    def __init__(
        self, path: Path | None = None, *, data: bytes | None = None, name: str = "", limits: Limits = LIMITS
    ) -> None:
        self._path, self._data, self.limits = path, data, limits
        self.where = name or str(path)
        self._stack = ExitStack()
        self._folder: Path | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def stem(self) -> str:
        """The name of the file without folder and ending."""
        return Path(self.where).stem

    @property
    def ending(self) -> str:
        """The ending of the file's name, in small letters with its dot."""
        return Path(self.where).suffix.lower()

    @property
    def original(self) -> Path | None:
        """The file itself, where it is one on disk."""
        return self._path

    @property
    def folder(self) -> Path:
        """An empty folder of its own, for as long as the file is read."""
        if self._folder is None:
            self._folder = self._stack.enter_context(scratch())
        return self._folder

    def adopt(self, other: Source) -> None:
        """Close another one with this."""
        self._stack.enter_context(other)

    def size(self) -> int:
        """Bytes of the file.

        Raises
        ------
        DataFileMissingError
            It is not there, or is no file.
        """
        if self._data is not None:
            return len(self._data)
        assert self._path is not None
        if self._path.is_dir():
            raise DataFileMissingError(Problem("importing.is-folder", self.where))
        try:
            return self._path.stat().st_size
        except OSError as error:
            raise DataFileMissingError(Problem("files.unreadable", self.where, reason=reason_of(error))) from error

    def checked(self) -> Self:
        """The same, if it is there and not too large.

        Raises
        ------
        DataFileMissingError, TooLargeError
            It is not.
        """
        size = self.size()
        if size > self.limits.max_bytes:
            raise TooLargeError(Problem("importing.file-too-large", self.where, count=size, most=self.limits.max_bytes))
        return self

    def content(self) -> bytes:
        """All bytes of the file."""
        if self._data is None:
            assert self._path is not None
            self._data = read_bytes(self._path)
        return self._data

    def head(self) -> bytes:
        """The first bytes of the file."""
        if self._data is not None:
            return self._data[:HEAD]
        assert self._path is not None
        try:
            with self._path.open("rb") as file:
                return file.read(HEAD)
        except OSError as error:
            raise DataFileMissingError(Problem("files.unreadable", self.where, reason=reason_of(error))) from error

    def on_disk(self, ending: str) -> Path:
        """The file on disk under a name with this ending: itself where it has it, else a copy of its own."""
        if self._path is not None and self._path.suffix.lower() == ending:
            return self._path
        copy = self.folder / f"file{ending}"
        if not copy.exists():
            copy.write_bytes(self.content())
        return copy
