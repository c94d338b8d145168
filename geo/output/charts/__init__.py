"""Charts as SVG without a style or a script: for pages with a strict content policy, and as files."""
