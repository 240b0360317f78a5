"""What each object adds to the general steps of a write."""

from sandbox.salesforce.rules.events import EventRelationRules, EventRules
from sandbox.salesforce.rules.files import DocumentLinkRules, DocumentRules, VersionRules
from sandbox.salesforce.rules.mail import EmailRelationRules, EmailRules
from sandbox.salesforce.rules.people import ContactRules, LeadRules, UserRules
from sandbox.salesforce.rules.persons import AccountRules
from sandbox.salesforce.rules.sales import CaseRules, OpportunityRules
from sandbox.salesforce.rules.setup import FieldPermissionsRules, RecordTypeRules
from sandbox.salesforce.rules.tasks import TaskRelationRules, TaskRules
from sandbox.salesforce.write import Rules

RULES: dict[str, Rules] = {
    "User": UserRules(),
    "RecordType": RecordTypeRules(),
    "FieldPermissions": FieldPermissionsRules(),
    "Account": AccountRules(),
    "Contact": ContactRules(),
    "Lead": LeadRules(),
    "Opportunity": OpportunityRules(),
    "Case": CaseRules(),
    "Task": TaskRules(),
    "TaskRelation": TaskRelationRules(),
    "Event": EventRules(),
    "EventRelation": EventRelationRules(),
    "EmailMessage": EmailRules(),
    "EmailMessageRelation": EmailRelationRules(),
    "ContentVersion": VersionRules(),
    "ContentDocument": DocumentRules(),
    "ContentDocumentLink": DocumentLinkRules(),
}
