"""A calendar item and its Event, both ways.

`table.py` has the rows, one for each thing that both sides say, and what is written either way for some of them;
`make.py` what is made new on either side; `attendees.py` who is invited.
"""

from crosstie.mapping.event.table import COLUMNS as COLUMNS
