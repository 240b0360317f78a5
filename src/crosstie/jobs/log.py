"""The log of everything that runs by itself."""

import logging

logger = logging.getLogger("crosstie.jobs")
