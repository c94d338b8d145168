"""A site as data: GeoPackage with styles, KML, workbook."""
