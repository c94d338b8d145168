"""What lies on the table at a handover review: a site's dossier in seven formats, the atlas, the minutes.

One `Document` of plain texts is made from a `View` of a `Situation`; PDF, DOCX and HTML are set from it with templates
that an office can change, GeoPackage, KML and XLSX from the same view. A public `Edition` is made from the public
situation alone.
"""

from __future__ import annotations

from geo.output.dossier.edition import Edition
from geo.output.dossier.formats import FORMATS, MEDIA_TYPES, atlas, dossier, minutes
from geo.visibility import public

__all__ = ["FORMATS", "MEDIA_TYPES", "Edition", "atlas", "dossier", "minutes", "public"]
