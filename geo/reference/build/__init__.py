"""How `data/` is made from the published sources: `python -m geo.reference.build wards …` and `… sites …`."""
