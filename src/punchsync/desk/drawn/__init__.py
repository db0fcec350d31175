"""Pictures and calendars as data: shapes of SVG that a template writes out, and what a day looks like."""
