"""An e-mail to its record: an EmailMessage with the people on it, or a completed Task; attachments as Files."""

from collections.abc import Iterator
from datetime import UTC, tzinfo

from crosstie.domain.email import Content
from crosstie.domain.operations import Save
from crosstie.domain.records import EMAIL_MESSAGE, TASK, RecordDraft
from crosstie.mapping import emailmessage, files, task
from crosstie.mapping.fields import CONTENT_VERSION
from crosstie.mapping.source import Source
from crosstie.mapping.tables import Loss, Org, declared, filled


def draft(
    save: Save, content: Content, org: Org, owner_id: str, zone: tzinfo = UTC, *, files_on_related: bool = False
) -> RecordDraft:
    """The record whole, with all attachments in `content` that have their bytes: the file rules come before.

    Fields of our package are always there; the connector drops what the org has not got.
    """
    source = Source.of(save, content, owner_id, org.many_people, zone)
    mapped, table = (emailmessage, emailmessage.TABLE) if save.object == EMAIL_MESSAGE else (task, task.TABLE)
    values = filled(save.object, table, source, org.lengths)
    attached = tuple(files.children(content.attachments, save.key)) if org.files else ()
    related = emailmessage.relations(source) if save.object == EMAIL_MESSAGE else ()
    return RecordDraft(
        object=save.object,
        key=save.key,
        fields=values,
        children=(*related, *attached),
        lookup=mapped.lookup(values),
        told_by=mapped.MOMENT if _is_own(source) else "",
        files_also_on=str(values.get(mapped.RELATED) or "") if attached and files_on_related else "",
        order=save.order,
        wished={wish.field: wish.values for wish in save.wishes},
    )


def _is_own(source: Source) -> bool:
    """The moment is the mail's own and not the one its mailbox noted, which each copy has for itself."""
    at = source.email.at
    return at is not None and source.moment == at.replace(microsecond=0)


def losses() -> Iterator[Loss]:
    """Everything of an e-mail that its record does not hold, for the docs."""
    yield from declared(EMAIL_MESSAGE, emailmessage.TABLE)
    yield from declared(TASK, task.TABLE)
    yield from declared(CONTENT_VERSION, files.TABLE)
