"""What is remembered of the mails that were saved."""

from datetime import timedelta

from crosstie.domain.records import RecordRef
from tests import mails
from tests.clocks import START
from tests.contract.test_states import ANN
from tests.stores import Store


def test_a_saved_mail_is_remembered_by_digests(store: Store, other: Store) -> None:
    states = store.states()
    states.remember_saved("mid:1", mails.saved_mail(generation=2))
    assert states.saved(["mid:1", "mid:2"]) == {
        "mid:1": mails.saved_mail(natural=states.digest("mid:1"), sender=states.digest(ANN), generation=2)
    }
    assert other.states().saved(["mid:1"]) == {}


def test_a_mail_without_sender_or_time(store: Store) -> None:
    store.states().remember_saved("env:1", mails.saved_mail(sender="", sent_at=None))
    found = store.states().saved(["env:1"])["env:1"]
    assert (found.sender, found.sent_at) == ("", None)
    assert store.states().same(found.sender, "")


def test_a_saved_again_mail_has_its_new_record(store: Store) -> None:
    store.states().remember_saved("mid:1", mails.saved_mail(deleted=True, half=True))
    assert store.states().saved(["mid:1"])["mid:1"].half
    store.states().remember_saved("mid:1", mails.saved_mail(RecordRef("Task", "00T2"), generation=1))
    found = store.states().saved(["mid:1"])["mid:1"]
    assert (found.record.record_id, found.generation, found.deleted, found.half) == ("00T2", 1, False, False)


def test_a_deleted_record_and_its_return(store: Store) -> None:
    states = store.states()
    states.remember_saved("mid:1", mails.saved_mail())
    gone = mails.change(mails.TASK.record_id, "Task", deleted=True)
    states.record_changes([gone], {}, [])
    assert states.saved(["mid:1"])["mid:1"].deleted
    back = mails.change(mails.TASK.record_id, "Task", at=START + timedelta(seconds=5))
    states.record_changes([back], {}, [])
    assert not states.saved(["mid:1"])["mid:1"].deleted


def test_the_last_word_on_a_record_in_one_reading_counts(store: Store) -> None:
    states = store.states()
    states.remember_saved("mid:1", mails.saved_mail())
    alive = mails.change(mails.TASK.record_id, "Task")
    gone = mails.change(mails.TASK.record_id, "Task", deleted=True, at=START + timedelta(seconds=1))
    states.record_changes([alive, gone], {}, [])
    assert states.saved(["mid:1"])["mid:1"].deleted


def test_a_confirmed_delete_concerns_its_record_alone(store: Store, other: Store) -> None:
    for each in (store, other):
        each.states().remember_saved("mid:1", mails.saved_mail())
    store.states().remember_saved("mid:2", mails.saved_mail(RecordRef("Task", "00T2")))
    store.states().forget_record(mails.TASK)
    found = store.states().saved(["mid:1", "mid:2"])
    assert {natural: saved.deleted for natural, saved in found.items()} == {"mid:1": True, "mid:2": False}
    assert not other.states().saved(["mid:1"])["mid:1"].deleted
    asked = [mails.TASK, RecordRef("Task", "00T2"), RecordRef("Task", "00T3")]
    assert store.states().deleted(asked) == {mails.TASK.record_id}
    assert other.states().deleted(asked) == frozenset()
