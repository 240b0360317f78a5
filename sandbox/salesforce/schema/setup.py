"""What an org is set up with: itself, profiles, queues, record types, list views."""

from sandbox.salesforce.schema.facts import REFERENCE, SYSTEM, TYPED, SObject, f, identity, stamped
from sandbox.salesforce.schema.values import TIME_ZONES

ORGANIZATION = SObject(
    "Organization",
    "00D",
    stamped(
        (
            identity("Organization ID"),
            f("Name", "string", 80, "ufsgn"),
            f("Division", "string", 80, "Nufsg"),
            f("Phone", "phone", 40, "Nufsg"),
            f("PrimaryContact", "string", 80, "Nufsg"),
            f("DefaultLocaleSidKey", "picklist", 40, "ufsg", label="Locale"),
            f("TimeZoneSidKey", "picklist", 40, "ufsgR", label="Time Zone", values=TIME_ZONES),
            f("LanguageLocaleKey", "picklist", 40, "ufsg", label="Language"),
            f("FiscalYearStartMonth", "int", 0, "Nufsg", digits=9),
            f("UsesStartDateAsFiscalYearName", "boolean", 0, "fsgD"),
            f("OrganizationType", "picklist", 40, "Nfsg", label="Edition"),
            f("NamespacePrefix", "string", 15, "Nfsg"),
            *(
                f(f"Default{name}Access", "picklist", 40, "Nfsg")
                for name in ("Account", "Contact", "Opportunity", "Lead", "Case")
            ),
            f("InstanceName", "string", 5, "Nfsg"),
            f("IsSandbox", "boolean", 0, "fsgD"),
            f("TrialExpirationDate", "datetime", 0, "Nfs"),
            *SYSTEM,
        ),
        TYPED,
        "recall",
    ),
    plural="Organizations",
    verbs="ru",
)

PROFILE = SObject(
    "Profile",
    "00e",
    stamped(
        (
            identity("Profile ID"),
            f("Name", "string", 255, "fsgn"),
            f("Description", "string", 255, "Nfsg"),
            f("UserType", "picklist", 40, "NfsgR", values=("Standard", "Guest")),
            f("PermissionsViewAllData", "boolean", 0, "fsgD", label="View All Data"),
            f("PermissionsModifyAllData", "boolean", 0, "fsgD", label="Modify All Data"),
            f("PermissionsApiEnabled", "boolean", 0, "fsgD", label="API Enabled", default=True),
            f("PermissionsManageUsers", "boolean", 0, "fsgD", label="Manage Users"),
            f("PermissionsCustomizeApplication", "boolean", 0, "fsgD", label="Customize Application"),
            *SYSTEM,
        ),
        TYPED,
        "recall",
    ),
    plural="Profiles",
    verbs="r",
)

GROUP = SObject(
    "Group",
    "00G",
    stamped(
        (
            identity("Group ID"),
            f("Name", "string", 40, "cufsgn"),
            f("DeveloperName", "string", 80),
            f("Type", "picklist", 40, "cfsgR", values=("Regular", "Queue", "Organization", "Role")),
            f("Email", "email", 255),
            f("DoesSendEmailToMembers", "boolean", 0, "cufsgD"),
            f("DoesIncludeBosses", "boolean", 0, "cufsgD"),
            *SYSTEM,
        ),
        TYPED,
        "recall",
    ),
    plural="Groups",
    verbs="crud",
)

GROUP_MEMBER = SObject(
    "GroupMember",
    "011",
    stamped(
        (
            identity("Group Member ID"),
            f(
                "GroupId",
                "reference",
                18,
                "cfsg",
                to="Group",
                rel="Group",
                kids="GroupMembers",
                on_delete="cascade",
            ),
            f(
                "UserOrGroupId",
                "reference",
                18,
                "cfsg",
                label="User/Group ID",
                to=("Group", "User"),
                on_delete="cascade",
            ),
            SYSTEM[-1],
        ),
        TYPED,
        "recall",
    ),
    label="Group Member",
    plural="Group Members",
    verbs="crd",
)

QUEUE_OBJECT = SObject(
    "QueueSobject",
    "03g",
    stamped(
        (
            identity("Queue Sobject ID"),
            f(
                "QueueId",
                "reference",
                18,
                "cfsg",
                to="Group",
                rel="Queue",
                kids="QueueSobjects",
                on_delete="cascade",
            ),
            f("SobjectType", "picklist", 40, "cfsg", label="SObject Type"),
            f("CreatedById", "reference", 18, "fsgD", to="User", rel="CreatedBy", on_delete="keep"),
            SYSTEM[-1],
        ),
        REFERENCE,
        "recall",
    ),
    label="Queue Sobject",
    plural="Queue Sobjects",
    verbs="crd",
)

USER_ROLE = SObject(
    "UserRole",
    "00E",
    stamped(
        (
            identity("Role ID"),
            f("Name", "string", 80, "cufsgn"),
            f("ParentRoleId", "reference", to="UserRole"),
            f("RollupDescription", "string", 80),
            f("DeveloperName", "string", 80),
            *SYSTEM[2:],
        ),
        TYPED,
        "recall",
    ),
    label="Role",
    plural="Roles",
    verbs="crud",
)

ASSIGNMENT_RULE = SObject(
    "AssignmentRule",
    "01Q",
    stamped(
        (
            identity("Rule ID"),
            f("Name", "string", 120, "Nfsgn"),
            f("SobjectType", "picklist", 40, "Nfsg", label="SObject Type", values=("Case", "Lead")),
            f("Active", "boolean", 0, "fsgD"),
            *SYSTEM,
        ),
        REFERENCE,
        "recall",
    ),
    label="Assignment Rule",
    plural="Assignment Rules",
    verbs="r",
)

USER_RECORD_ACCESS = SObject(
    "UserRecordAccess",
    "0JZ",
    stamped(
        (
            identity("User Record Access ID"),
            f("UserId", "reference", 18, "fsg", to="User", on_delete="keep"),
            f("RecordId", "picklist", 18, "fsg", label="Record ID"),
            f("HasReadAccess", "boolean", 0, "fsgD"),
            f("HasEditAccess", "boolean", 0, "fsgD"),
            f("HasDeleteAccess", "boolean", 0, "fsgD"),
            f("HasTransferAccess", "boolean", 0, "fsgD"),
            f("HasAllAccess", "boolean", 0, "fsgD"),
            f(
                "MaxAccessLevel",
                "picklist",
                40,
                "NfsgR",
                values=("None", "Read", "Edit", "Delete", "Transfer", "All"),
            ),
        ),
        REFERENCE,
        "recall",
    ),
    label="User Record Access",
    plural="User Record Access",
    verbs="r",
)

USER_PERMISSION_ACCESS = SObject(
    "UserPermissionAccess",
    "0Pp",
    stamped(
        (
            identity("User Permission Access ID"),
            f("LastCacheUpdate", "datetime", 0, "Nfs"),
            f("PermissionsApiEnabled", "boolean", 0, "fsgD", label="API Enabled"),
            f("PermissionsViewAllData", "boolean", 0, "fsgD", label="View All Data"),
            f("PermissionsModifyAllData", "boolean", 0, "fsgD", label="Modify All Data"),
            f("PermissionsManageUsers", "boolean", 0, "fsgD", label="Manage Users"),
            f("PermissionsCustomizeApplication", "boolean", 0, "fsgD", label="Customize Application"),
            f("PermissionsActivitiesAccess", "boolean", 0, "fsgD", label="Access Activities"),
            f("PermissionsEditTask", "boolean", 0, "fsgD", label="Edit Tasks"),
            f("PermissionsEditEvent", "boolean", 0, "fsgD", label="Edit Events"),
        ),
        REFERENCE,
        "recall",
    ),
    label="User Permission Access",
    plural="User Permission Access",
    verbs="r",
)

PERMISSION_SET = SObject(
    "PermissionSet",
    "0PS",
    stamped(
        (
            identity("PermissionSet ID"),
            f("Name", "string", 80, "cufsgn"),
            f("Label", "string", 80, "cufsg"),
            f("Description", "string", 255),
            f("IsOwnedByProfile", "boolean", 0, "fsgD"),
            *SYSTEM,
        ),
        REFERENCE,
        "recall",
    ),
    label="Permission Set",
    plural="Permission Sets",
    verbs="crud",
)

PERMISSION_SET_ASSIGNMENT = SObject(
    "PermissionSetAssignment",
    "0Pa",
    stamped(
        (
            identity("PermissionSetAssignment ID"),
            f("PermissionSetId", "reference", 18, "cfsg", to="PermissionSet", on_delete="cascade"),
            f("AssigneeId", "reference", 18, "cfsg", to="User", on_delete="cascade"),
            SYSTEM[-1],
        ),
        REFERENCE,
        "recall",
    ),
    label="Permission Set Assignment",
    plural="Permission Set Assignments",
    verbs="crd",
)

FIELD_PERMISSIONS = SObject(
    "FieldPermissions",
    "01k",
    stamped(
        (
            identity("Field Permissions ID"),
            f("ParentId", "reference", 18, "cfsg", to="PermissionSet", on_delete="cascade"),
            f("SobjectType", "picklist", 40, "cfsg", label="Sobject Type Name"),
            f("Field", "picklist", 240, "cfsg", label="Field Name"),
            f("PermissionsRead", "boolean", 0, "cufsgD"),
            f("PermissionsEdit", "boolean", 0, "cufsgD"),
            SYSTEM[-1],
        ),
        REFERENCE,
        "recall",
    ),
    label="Field Permissions",
    plural="Field Permissions",
    verbs="crud",
)

RECORD_TYPE = SObject(
    "RecordType",
    "012",
    stamped(
        (
            identity("Record Type ID"),
            f("Name", "string", 80, "cufsgn"),
            f("DeveloperName", "string", 80, "cufsg"),
            f("NamespacePrefix", "string", 15, "Nfsg"),
            f("Description", "string", 255),
            f("SobjectType", "picklist", 40, "cfsg", label="SObject Type Name"),
            f("IsActive", "boolean", 0, "cufsgD", default=True),
            *SYSTEM,
        ),
        TYPED,
        "recall",
    ),
    label="Record Type",
    plural="Record Types",
    verbs="cru",
)

LIST_VIEW = SObject(
    "ListView",
    "00B",
    stamped(
        (
            identity("List View ID"),
            f("Name", "string", 40, "cufsgn", label="View Name"),
            f("DeveloperName", "string", 80, "cufsg"),
            f("NamespacePrefix", "string", 15, "Nfsg"),
            f("SobjectType", "picklist", 40, "cfsg"),
            f("IsSoqlCompatible", "boolean", 0, "fsgD", default=True),
            *SYSTEM,
            f("LastViewedDate", "datetime", 0, "Nfs"),
            f("LastReferencedDate", "datetime", 0, "Nfs"),
        ),
        TYPED,
        "recall",
    ),
    label="List View",
    plural="List Views",
    verbs="crud",
)

CURRENCY_TYPE = SObject(
    "CurrencyType",
    "01L",
    stamped(
        (
            identity("Currency Type ID"),
            f("IsoCode", "picklist", 3, "cufsgn", label="ISO Code"),
            f("ConversionRate", "double", 0, "cufs", precision=18, scale=6),
            f("DecimalPlaces", "int", 0, "cufsg", digits=1),
            f("IsActive", "boolean", 0, "cufsgD", label="Active"),
            f("IsCorporate", "boolean", 0, "cufsgD", label="Corporate"),
            *SYSTEM,
        ),
        REFERENCE,
        "recall",
    ),
    label="Currency Type",
    plural="Currency Types",
    verbs="cru",
    feature="multi_currency",
)
