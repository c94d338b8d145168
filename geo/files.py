"""Files that are either whole or not there."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from geo.errors import DataFileMissingError, InputError, Problem


def write_atomic(path: str | os.PathLike[str], content: str | bytes) -> Path:
    """Write `content` (text as UTF-8) beside `path` and rename it into place; return the path.

    A reader, or the next start after a crash, sees the old file or the new one, never a part of it.

    Raises
    ------
    InputError
        The folder can't be made or written to, or the disk is full; the old file is untouched.
    """
    target = Path(path)
    data = content.encode("utf-8") if isinstance(content, str) else content
    partial: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        partial = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(0o666 & ~_umask())
        partial.replace(target)
    except OSError as error:
        if partial is not None:
            partial.unlink(missing_ok=True)
        what = f"cannot be written: {error.strerror or error}"
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        remedy = "make room on the disk" if full else "choose a folder that you may write to"
        raise InputError(Problem(what, str(target), remedy)) from error
    return target


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
        what = f"cannot be read: {error.strerror or error}"
        raise DataFileMissingError(Problem(what, str(path), "check the path and its permissions")) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
