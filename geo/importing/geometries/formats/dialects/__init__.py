"""JSON of geometries that is no GeoJSON: TopoJSON and that of Esri."""
