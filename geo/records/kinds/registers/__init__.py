"""Kinds of record that make the registers: plans, site versions, events, programmes, responsibility, drafts."""
