"""UserPermissionAccess: one row, of whoever asks, with what profile and permission sets come to for them.

https://developer.salesforce.com/docs/atlas.en-us.248.0.sfFieldRef.meta/sfFieldRef/salesforce_field_reference_UserPermissionAccess.htm
"""

from collections.abc import Iterator

from sandbox.salesforce.records import Row
from sandbox.salesforce.soql.bind import Scope

NAME = "UserPermissionAccess"
_OF_PROFILE = (
    "PermissionsApiEnabled",
    "PermissionsViewAllData",
    "PermissionsModifyAllData",
    "PermissionsManageUsers",
    "PermissionsCustomizeApplication",
)


def own_row(scope: Scope) -> Iterator[Row]:
    """Tasks and Events have no permissions of their own but by these system permissions."""
    access = scope.core.access
    profile = access.profile(scope.user)
    yield {
        "Id": "000000000000000AAA",
        "LastCacheUpdate": None,
        **{name: bool(profile.get(name)) for name in _OF_PROFILE},
        "PermissionsActivitiesAccess": access.may(scope.user, "Task", "read"),
        "PermissionsEditTask": access.may(scope.user, "Task", "edit"),
        "PermissionsEditEvent": access.may(scope.user, "Event", "edit"),
    }
