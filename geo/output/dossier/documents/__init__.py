"""The documents as blocks: dossier of a site, atlas, minutes."""
