"""Ten minutes of mixed abuse beside honest users: who died, how long the honest waited, how much memory it took.

    python -m benchmarks.siege --seconds 600 --workers 2

The server is a real `diaban serve` as `docs/deploy` runs it, with its default limits, on records of its own. Everything
goes by 127.0.0.1; clients pass for other networks by X-Forwarded-For, as behind a proxy, with addresses that are
reserved for documents (RFC 5737, RFC 3849). Each abuser has one request open at a time. The honest come alone first,
for a tenth of the time, and then beside the abusers. Exit code 1 where a worker died, an honest user got an error, the
99th percentile of their waits beside abusers is 2 s or more, or the memory passed 2 GB.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.siege.run import siege


def main() -> None:
    """Besiege, print what was found, and exit with 1 where it did not stand."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.siege", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--honest", type=int, default=9, help="honest users; a third of them records")
    parser.add_argument("--each", type=int, default=4, help="abusers of each kind")
    options = parser.parse_args()
    if not (0 < options.seconds <= 3_600 and 0 < options.each <= 40 and 2 <= options.honest <= 60):
        parser.error("at most an hour, 40 abusers of a kind, and 2 to 60 honest users")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'records.sqlite'}"
        found = siege(url, folder, seconds=options.seconds, workers=options.workers, honest=options.honest,
                      each=options.each)  # fmt: skip
    print(json.dumps(asdict(found), indent=1, ensure_ascii=False))
    sys.exit(0 if found.stands else 1)


if __name__ == "__main__":
    main()
