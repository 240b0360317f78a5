"""Names of the fields our Salesforce package adds, and the room the org's own fields have.

The names are those of `salesforce-package/`; a test compares them. The key field is in `domain/records.py`.
"""

from crosstie.domain.records import KEY_FIELD

CREATED_BY_SYNC = "Crosstie_Created_By_Sync__c"
CREATED_BY_SYNC_OF_PERSON = "Crosstie_Created_By_Sync__pc"
"""The Contact's field as its Person Account calls it."""
ADDIN_EMAIL = "Crosstie_AddIn_Email__c"
"""Set by the Save button only; the sync leaves it alone, so that the two ways of saving can be told apart."""
IS_PRIVATE = "Crosstie_Is_Private__c"
MESSAGE_ID = "Crosstie_Message_Id__c"
THREAD_ID = "Crosstie_Thread_Id__c"
DIRECTION = "Crosstie_Direction__c"
SENT_AT = "Crosstie_Sent_At__c"
MEETING_ID = "Crosstie_Meeting_Id__c"
RECURRENCE = "Crosstie_Recurrence__c"
TIME_ZONE = "Crosstie_Time_Zone__c"
ORGANIZER = "Crosstie_Organizer__c"
REQUIRED_ATTENDEES = "Crosstie_Required_Attendees__c"
OPTIONAL_ATTENDEES = "Crosstie_Optional_Attendees__c"
RESOURCES = "Crosstie_Resources__c"

INBOUND, OUTBOUND = "Inbound", "Outbound"
"""Values of the picklist `DIRECTION`."""

PACKAGE: dict[str, tuple[str, ...]] = {
    "Activity": (
        KEY_FIELD,
        CREATED_BY_SYNC,
        ADDIN_EMAIL,
        IS_PRIVATE,
        MESSAGE_ID,
        THREAD_ID,
        DIRECTION,
        SENT_AT,
        MEETING_ID,
        RECURRENCE,
        TIME_ZONE,
        ORGANIZER,
        REQUIRED_ATTENDEES,
        OPTIONAL_ATTENDEES,
        RESOURCES,
    ),
    "EmailMessage": (KEY_FIELD, CREATED_BY_SYNC, ADDIN_EMAIL, IS_PRIVATE),
    "ContentVersion": (KEY_FIELD,),
    "Account": (KEY_FIELD, CREATED_BY_SYNC),
    "Contact": (KEY_FIELD, CREATED_BY_SYNC),
    "Lead": (KEY_FIELD, CREATED_BY_SYNC),
}
"""Object of the package → its fields. Those of Activity appear on Task and Event."""

EMAIL_MESSAGE_RELATION = "EmailMessageRelation"
CONTENT_VERSION = "ContentVersion"

MANY_PEOPLE = 50
"""Contacts a Task may name with Shared Activities on."""
MANY_RECIPIENTS = 100
"""People linked in one part (To, Cc, Bcc) of an EmailMessage; the others stay in its address field."""
