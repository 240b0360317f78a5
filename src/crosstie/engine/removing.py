"""A saved mail is taken out of Salesforce at a person's word, and that is remembered at once."""

from crosstie.domain.records import RecordRef
from crosstie.engine.ports import Ports
from crosstie.ports.crm import Removal


def take_out(ports: Ports, record: RecordRef, user_id: str) -> Removal:
    """As the user may. Raises Unclear where nobody knows: the tick finds out."""
    removal = ports.crm.remove(record, user_id)
    if removal is Removal.DONE:
        ports.states.forget_record(record)
    return removal
