"""Names of people, users' uniqueness, what a converted lead may not become."""

from sandbox.salesforce.errors import SalesforceError, integrity
from sandbox.salesforce.records import Row
from sandbox.salesforce.rules.base import NoRules
from sandbox.salesforce.values import is_email
from sandbox.salesforce.write import Write


def refuse_person_contact(row: Row | None) -> None:
    """A person account's contact is changed, deleted and given files by way of the account."""
    if row is not None and row.get("IsPersonAccount") and row["Id"].startswith("003"):
        raise SalesforceError("INVALID_PERSON_ACCOUNT_OPERATION", "cannot reference person contact")


def full_name(write: Write) -> None:
    """Name is FirstName and LastName; the salutation is no part of it."""
    parts = (write.draft.get("FirstName"), write.draft.get("LastName"))
    write.draft["Name"] = " ".join(part for part in parts if part) or None


class ContactRules(NoRules):
    def prepare(self, write: Write) -> None:
        refuse_person_contact(write.old)
        account = write.core.row(write.draft.get("AccountId")) or {}
        if account.get("IsPersonAccount"):
            raise integrity("Account ID: a person account has no other contacts.", "AccountId")
        full_name(write)
        reason, when = write.draft.get("EmailBouncedReason"), write.draft.get("EmailBouncedDate")
        write.draft["IsEmailBounced"] = bool(reason or when)


class LeadRules(NoRules):
    def prepare(self, write: Write) -> None:
        full_name(write)
        if (write.old or {}).get("IsConverted"):
            raise SalesforceError("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")


class UserRules(NoRules):
    def prepare(self, write: Write) -> None:
        full_name(write)
        username = write.draft.get("Username")
        if username and not is_email(username):
            raise SalesforceError(
                "INVALID_EMAIL_ADDRESS", f"Username: invalid email address: {username}", fields=("Username",)
            )
        write.default("CommunityNickname", username[:40] if username else None)
        profile = write.core.row(write.draft.get("ProfileId")) or {}
        if write.changed("ProfileId"):
            write.draft["UserType"] = profile.get("UserType", "Standard")
