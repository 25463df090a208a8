"""`python -m gaugeblock` is the command."""

import sys

from gaugeblock.command import main

sys.exit(main())
