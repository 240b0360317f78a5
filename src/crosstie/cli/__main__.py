"""`python -m crosstie.cli`, which the supervisor starts its children by."""

import sys

from crosstie.cli import main

sys.exit(main())
