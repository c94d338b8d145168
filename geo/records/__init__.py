"""What is reported since the plan: assessments, reviews, reports, coverage, flags; append-only, for any past day.

Start at `geo.records.store.open_store`. Inputs are the frozen dataclasses of `geo.records.entries`.
"""
