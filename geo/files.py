"""Files that are either whole or not there, and folders for the time of some work.

What is being made is held with a lock (flock) that the system gives back however a process ends. So what a process that
was killed left behind differs from what another one is working on, and the next one clears it away.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import glob
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.errors import DataFileMissingError, InputError, Problem
from geo.i18n.catalogue import find
from geo.i18n.message import Message

SCRATCH = "diaban-scratch-"
"""How the names of folders begin that `scratch` makes among the temporary files."""


def write_atomic(path: str | os.PathLike[str], content: str | bytes) -> Path:
    """Write `content` (text as UTF-8) beside `path` and rename it into place; return the path.

    A reader, or the next start after a crash, sees the old file or the new one, never a part of it. What one that was
    killed left beside it is removed by the next one.

    Raises
    ------
    InputError
        The folder can't be made or written to, or the disk is full; the old file is untouched.
    """
    target = Path(path)
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear(target.parent, f".{glob.escape(target.name)}.*.partial")
        _write_beside(target, data)
    except OSError as error:
        reason, full = reason_of(error), error.errno in (errno.ENOSPC, errno.EDQUOT)
        problem = Problem("files.disk-full", str(target), reason=reason)
        raise InputError(problem if full else Problem("files.unwritable", str(target), reason=reason)) from error
    return target


def stamp_of(file: Path) -> tuple[int, int]:
    """When a file was changed (nanoseconds) and its size, (0, 0) where there is none: another one after each change."""
    try:
        found = file.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a file.

    Raises
    ------
    DataFileMissingError
        There is no such file, or it can't be read.
    """
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise DataFileMissingError(Problem("files.unreadable", str(path), reason=reason_of(error))) from error


def reason_of(error: OSError) -> Message | str:
    """Why the system refused, in the language of the reader; in its own words where the catalogues lack the number.

    >>> reason_of(FileNotFoundError(errno.ENOENT, "No such file or directory")).vi
    'không có tệp hoặc thư mục này'
    """
    name = errno.errorcode.get(error.errno or 0, "").lower()
    code = f"files.reason-{name}"
    return Message(code) if find("en", code) is not None else error.strerror or str(error)


@contextmanager
def scratch() -> Iterator[Path]:
    """An empty folder among the temporary files, for its owner alone, removed at the end with all that is in it.

    Those of processes that were killed are removed first, so that copies of records do not pile up there.
    """
    _clear(Path(tempfile.gettempdir()), f"{SCRATCH}*")
    while True:
        folder = Path(tempfile.mkdtemp(prefix=SCRATCH))
        handle = _held(folder)
        if handle is not None:
            break
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


@contextmanager
def place_beside(path: Path) -> Iterator[Path]:
    """An empty folder beside `path`, on the same disk, for its owner alone; always the same one for the same path.

    What is made there is renamed into place when it is whole. What one that was killed left there is removed first.

    Raises
    ------
    BlockingIOError
        Another process is at work for the same path.
    OSError
        The folder can't be made.
    """
    folder = path.with_name(f".{path.name}.partial")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = _held(folder)
    if handle is None:
        raise BlockingIOError(errno.EWOULDBLOCK, os.strerror(errno.EWOULDBLOCK), str(path))
    try:
        for entry in folder.iterdir():
            _remove(entry)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _write_beside(target: Path, data: bytes) -> None:
    while True:
        number, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".partial")
        with os.fdopen(number, "wb") as file:
            if not _reserved(number, Path(name)):
                continue  # cleared away by another process before it was held
            try:
                file.write(data)
                file.flush()
                os.fsync(number)
                Path(name).chmod(0o666 & ~_umask())
                Path(name).replace(target)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
            return


def _reserved(handle: int, path: Path) -> bool:
    try:
        return _lock(handle, path)
    except OSError:
        return True  # a disk without locks, where nothing is ever cleared away either


def _clear(folder: Path, pattern: str) -> None:
    """Remove what matches and belongs to this user, where no process holds it."""
    for path in list(folder.glob(pattern)):
        with contextlib.suppress(OSError):
            handle = _held(path) if path.lstat().st_uid == os.geteuid() else None
            if handle is not None:
                try:
                    _remove(path)
                finally:
                    os.close(handle)


def _remove(path: Path) -> None:
    if stat.S_ISDIR(path.lstat().st_mode):
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _held(path: Path) -> int | None:
    """A handle that holds a file or folder until it is closed; None where another process does, or it is gone."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    if _lock(handle, path):
        return handle
    os.close(handle)
    return None


def _lock(handle: int, path: Path) -> bool:
    """Whether the lock was had, on what lies under that name now."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    try:
        return os.path.samestat(os.fstat(handle), path.lstat())
    except FileNotFoundError:
        return False


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
