"""Who may see what: one policy for web, API, documents, maps and the command line.

`visible(situation, viewer)` is the situation as a viewer may see it; every output is made from it. The table of the
kinds of record is that of `geo.records.kinds`.
"""

from geo.visibility.published import Published
from geo.visibility.situation import for_wards, public, visible
from geo.visibility.viewer import EVERYTHING, PUBLIC, Role, Viewer

__all__ = ["EVERYTHING", "PUBLIC", "Published", "Role", "Viewer", "for_wards", "public", "visible"]
