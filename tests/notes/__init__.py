"""Right equations as people write them, what slips make of them, and how many of the slips a checker finds.

Nothing here knows how anything is checked or repaired.
"""
