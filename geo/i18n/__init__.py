"""Every word and number that a person reads: languages, catalogues, messages and formats; one of each.

A new message is a call, `Problem("records.future-day", "day", day=day)` or `Message("place.row", file=f, row=5)`, and
an entry in `catalogues/vi/records.po` and `catalogues/en/records.po`, sorted by code; what to do about a problem stands
beside it as `records.future-day.remedy`. Parameters are raw values: `Message` says how a text writes them. The tests in
`tests/i18n` name what is missing, unused or different between the languages.

Nothing here says in which language to speak. The library speaks English, the pages as their visitor chose, the command
line as `--lang` says: each sets `language.speaking` around its work, and `str(problem)` follows.
"""
