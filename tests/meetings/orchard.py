"""A meeting of a team that we made up, from series file to finished minutes, in the shape of crates.io's second one."""

from __future__ import annotations

SERIES = """\
version: 1
name: Orchard Fortnightly Round Table
about: Opens the next round table.
schedule:
  timezone: Europe/Lisbon
  starts: 2023-01-12
  time: "17:15"
  duration: 90m
  rule: every 2 weeks on Thursday
  skip: [{date: 2023-02-23, reason: harvest}]
numbering: {start: 11, width: 4}
variants:
  - {when: "FREQ=MONTHLY;BYDAY=2TH", as: shed}
  - {as: radio}
places:
  shed: "In the tool shed, *bring a chair*."
  radio: "Channel 7, see [the board](https://orchard.example/board) on the day."
roles: {keeper: "@pippin", scribe: [ "@quince", "@medlar" ]}
issue:
  repo: orchard/paperwork
  title: "Round Table #{{ number | pad(4) }}: it’s {{ start | date('%B') }}"
  labels: [round table, "open: minutes"]
zones: [UTC, Asia/Kolkata]
agenda: {link: "https://github.com/orchard/paperwork/issues/5"}
archive:
  path: "minutes/{{ start | date('%Y') }}/{{ number | pad(4) }}.md"
  front_matter: [title, labels, about]
"""

TEMPLATE = """\
<!-- Copied by hand until 2022; please leave the headings as they are. -->

# Round table of {{ start | date('long') }}
- *When:* {{ start | date('time') }} in Lisbon{% for zone in zones %}
    - {{ zone }}{% endfor %}
- *Where:* {{ place }}
- *Keeper / scribe:* {{ roles.keeper }} / {{ roles.scribe }}

## [What was proposed]({{ agenda_url }})\x20\x20

### Who came

*\x20

### What was said

<!-- anything goes -->

### What was “decided”

"""

FRONT_MATTER = """\
---
title: 'Round Table #0012: it’s January'
labels: 'round table, open: minutes'
about: Opens the next round table.
---

"""

MINUTES = """\
<!-- Copied by hand until 2022; please leave the headings as they are. -->

# Round table of Thursday, January 26, 2023
- *When:* 17:15 in Lisbon
    - 1715 UTC
    - 2245 Asia/Kolkata
- *Where:* Channel 7, see [the board](https://orchard.example/board) on the day.
- *Keeper / scribe:* @pippin / @quince, @medlar

## [What was proposed](https://github.com/orchard/paperwork/issues/5)\x20\x20

### Who came

*\x20
  * pippin\x20
  * medlar (late…)

### What was said

<!-- anything goes -->

* The ladder
\t* DECISION: it’s “fine”, says #12\x20\x20\x20
  * {{ this is no template }} {% and neither is this %}

### What was “decided”

* The ladder\x20
  * stays — for now"""
"""Trailing spaces, a tab, curly quotes, braces, and no line end behind the last word."""

GAPS = (
    ("*\x20\n", "\n### What was said"),
    ("<!-- anything goes -->\n", "\n### What was “decided”"),
    ("### What was “decided”\n\n", ""),
)


def with_notes(body: str, finished: str, gaps: tuple[tuple[str, str], ...]) -> str:
    """`body` with what people wrote into it: the text of `finished` behind the first of each pair, until the second."""
    for before, after in gaps:
        assert body.count(before) == 1
        behind = finished.partition(before)[2]
        body = body.replace(before, before + (behind.partition(after)[0] if after else behind))
    return body
