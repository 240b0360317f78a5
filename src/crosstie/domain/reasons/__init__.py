"""Why something was done or left undone: a stable code and the one sentence everybody is shown.

Codes are kept for ever; sentences may improve.
"""

from crosstie.domain.reasons.events import *  # noqa: F403
from crosstie.domain.reasons.kinds import FILES_LEFT_OUT as FILES_LEFT_OUT
from crosstie.domain.reasons.kinds import KINDS as KINDS
from crosstie.domain.reasons.kinds import Outcome as Outcome
from crosstie.domain.reasons.kinds import Reason as Reason
from crosstie.domain.reasons.kinds import ReasonKind as ReasonKind
from crosstie.domain.reasons.kinds import reason as reason
from crosstie.domain.reasons.mail import *  # noqa: F403
