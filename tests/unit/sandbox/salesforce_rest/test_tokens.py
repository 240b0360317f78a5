"""Codes, refresh tokens and sessions of one org."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.salesforce.tokens import APPROVALS, CODE_LIFE, Tokens

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ORG = "00D000000000001EAA"


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(ORG, random.Random(1))


def test_a_code_is_good_once_for_its_app_and_for_a_while(tokens: Tokens) -> None:
    def issue() -> str:
        return tokens.issue_code("005A", "app", "https://a.test/back", "api", "", NOW).code

    code = issue()
    assert tokens.redeem(code, "another app", NOW) is None
    assert tokens.redeem(code, "app", NOW) is not None
    assert tokens.redeem(code, "app", NOW) is None
    assert tokens.redeem(issue(), "app", NOW + CODE_LIFE) is None


def test_an_access_token_names_its_org_and_ends(tokens: Tokens) -> None:
    session = tokens.open_session("005A", "app", "api", NOW, timedelta(hours=2))
    assert session.token.startswith(ORG[:15] + "!")
    assert tokens.session(session.token, NOW + timedelta(minutes=119)) == session
    assert tokens.session(session.token, NOW + timedelta(hours=2)) is None


def test_revoking_a_refresh_token_takes_its_sessions_along(tokens: Tokens) -> None:
    grant = tokens.issue_grant("005A", "app", "api refresh_token")
    mine = tokens.open_session("005A", "app", "api", NOW, timedelta(hours=2), grant.token)
    other = tokens.open_session("005A", "app", "api", NOW, timedelta(hours=2))
    assert tokens.revoke(grant.token)
    assert tokens.session(mine.token, NOW) is None
    assert tokens.session(other.token, NOW) == other
    assert not tokens.revoke(grant.token)


def test_revoking_an_access_token_ends_its_refresh_token_too(tokens: Tokens) -> None:
    grant = tokens.issue_grant("005A", "app", "api refresh_token")
    session = tokens.open_session("005A", "app", "api", NOW, timedelta(hours=2), grant.token)
    assert tokens.revoke(session.token)
    assert grant.token not in tokens.grants


def test_a_further_approval_ends_the_oldest(tokens: Tokens) -> None:
    grants = [tokens.issue_grant("005A", "app", "refresh_token") for _ in range(APPROVALS + 1)]
    others = tokens.issue_grant("005B", "app", "refresh_token")
    assert set(tokens.grants) == {grant.token for grant in grants[1:]} | {others.token}


def test_sessions_end_on_demand_for_one_user_or_all(tokens: Tokens) -> None:
    for user in ("005A", "005A", "005B"):
        tokens.open_session(user, "app", "api", NOW, timedelta(hours=2))
    assert tokens.end_sessions("005A") == 2
    assert tokens.end_sessions() == 1
    assert not tokens.sessions
