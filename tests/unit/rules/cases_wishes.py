"""What an administrator wants on the records of mails: which way they went, and what their categories mean."""

from tests.unit.rules.builders import Cases

FROM_ANN = {"sender": "ann@north.test", "to": "joe@customer.test", "folder": "sent"}
THREAD = {"conversation_id": "T1"}
FIELD = {"direction_field": "Way__c"}
MEANINGS = {
    "category_fields": (
        "Urgent->Task.Priority=High",
        "Urgent->EmailMessage.Level__c=1",
        "Fair 2026->EmailMessage.Source__c=Fair",
        "Hot->EmailMessage.Level__c=2",
    )
}
CASES: Cases = (
    ("Nothing is wanted", {}, {}, "EmailMessage", "", ""),
    ("Received", {}, FIELD, "EmailMessage", "", "Way__c=Inbound"),
    ("Sent, as a Task", FROM_ANN, FIELD, "Task", "", "Way__c=Outbound"),
    ("With a label of one's own", FROM_ANN, FIELD | {"outbound_label": "Out"}, "Task", "", "Way__c=Out"),
    ("A way without a label", {}, FIELD | {"inbound_label": ""}, "EmailMessage", "", ""),
    ("The thread, as a Task", THREAD, {"thread_field": "Thread__c"}, "Task", "", "Thread__c=T1"),
    ("The thread, as EmailMessage", THREAD, {"thread_field": "Thread__c"}, "EmailMessage", "", ""),
    ("A mail without a thread", {}, {"thread_field": "Thread__c"}, "Task", "", ""),
    ("In the subject", {}, {"direction_in_subject": True}, "EmailMessage", "Inbound: ", ""),
    ("In the subject, without a label", {}, {"direction_in_subject": True, "inbound_label": ""}, "Task", "", ""),
    ("A category", {"categories": frozenset({"Urgent"})}, MEANINGS, "EmailMessage", "", "Level__c=1"),
    ("The same, as a Task", {"categories": frozenset({"Urgent"})}, MEANINGS, "Task", "", "Priority=High"),
    ("In other letters", {"categories": frozenset({"URGENT"})}, MEANINGS, "Task", "", "Priority=High"),
    ("A category that means nothing", {"categories": frozenset({"Red"})}, MEANINGS, "Task", "", ""),
    (
        "Two of one field, in the order of the settings",
        {"categories": frozenset({"Hot", "Urgent", "Fair 2026"})},
        MEANINGS,
        "EmailMessage",
        "",
        "Level__c=1;2 Source__c=Fair",
    ),
    (
        "Direction and category",
        {"categories": frozenset({"Urgent"})},
        FIELD | MEANINGS,
        "EmailMessage",
        "",
        "Way__c=Inbound Level__c=1",
    ),
)
"""(situation, mail, settings, what it becomes, before the subject, fields)."""
