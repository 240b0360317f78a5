"""The judge of these tests finds what is lost, doubled, unlinked, unmarked or too much."""

from pathlib import Path

from tests.system.trouble.letters import Letters
from tests.system.trouble.oracle import complaints
from tests.system.trouble.vendors import vendors


def test_the_oracle_complains_of_each_promise_broken(tmp_path: Path) -> None:
    with vendors(tmp_path) as outside:
        letters = Letters(5, outside.people)
        ada = outside.people[0]
        assert complaints(outside, []) == []
        mail, expected = letters.attached(ada)
        outside.send(mail)
        lost = "\n".join(complaints(outside, [expected]))
        assert f"{expected.message_id} : 0 records instead of 1" in lost
        assert lost.count("a file is missing") == len(expected.files)
        assert f"{ada}: {expected.message_id}  carries []" in lost
        outside.mark(ada, expected.message_id)
        assert "carries" not in "\n".join(complaints(outside, [expected]))
        outside.save(expected.message_id)
        assert "linked Counter() instead of" in "\n".join(complaints(outside, [expected]))
        outside.save(expected.message_id)
        assert f"{expected.message_id} : 2 records instead of 1" in complaints(outside, [expected])
        assert f"a record of nothing: {expected.message_id}" in complaints(outside, [])
        outside.send(mail)
        assert f"{ada}: {expected.message_id} is there 2 times" in complaints(outside, [expected])
