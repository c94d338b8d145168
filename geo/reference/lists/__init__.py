"""What the further list of a province has of its own: phases of wards, programme files, a name."""
