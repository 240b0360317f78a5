"""Who signs in by what: connected apps, the tokens they hold, the history of sign-ins. All read-only.

Names, types and properties are the object reference's. Fields that point at objects the sandbox has none of (the
place of a sign-in, a network, an identity provider, an entry of the app menu) are left out.
"""

from sandbox.salesforce.schema.facts import REFERENCE, SYSTEM, SObject, f, identity, stamped

CONNECTED_APPLICATION = SObject(
    "ConnectedApplication",
    "0H4",
    stamped(
        (
            identity("Connected App ID"),
            f("Name", "string", 80, "fsgin", label="Connected App Name"),
            *SYSTEM,
            f("OptionsAllowAdminApprovedUsersOnly", "boolean", 0, "f", label="AllowAdminApprovedUsersOnly"),
            f("OptionsRefreshTokenValidityMetric", "boolean", 0, "f", label="RefreshTokenValidityMetric"),
            f("OptionsHasSessionLevelPolicy", "boolean", 0, "f", label="HasSessionLevelPolicy"),
            f("OptionsIsInternal", "boolean", 0, "f", label="isInternal"),
            f("MobileStartUrl", "url", 2400, "Nfs", label="Mobile Start URL"),
            f("RefreshTokenValidityPeriod", "int", 0, "Nfsg", label="Refresh Token Policy:", digits=4),
            f("StartUrl", "url", 2400, "Nfs", label="Start URL"),
        ),
        REFERENCE,
        "V",
    ),
    label="Connected App",
    plural="Connected Apps",
    verbs="r",
)

OAUTH_TOKEN = SObject(
    "OauthToken",
    "0CQ",
    stamped(
        (
            identity("OAuth Token ID"),
            f("AccessToken", "string", 255, "Nfsg"),
            f("UserId", "reference", 18, "Nfsg", to="User", rel="User", on_delete="keep"),
            f("RequestToken", "string", 255, "Nfsg"),
            f("CreatedDate", "datetime", 0, "Nfs"),
            f("LastUsedDate", "datetime", 0, "Nfs"),
            f("UseCount", "int", 0, "Nfsg", digits=9),
            f("DeleteToken", "string", 255, "Nfsg"),
            f("AppName", "string", 255, "Nfsg", label="Application Name"),
        ),
        REFERENCE,
        "V",
    ),
    label="OAuth Token",
    plural="OAuth Tokens",
    verbs="r",
)

USER_LOGIN = SObject(
    "UserLogin",
    "0Yw",
    stamped(
        (
            identity("User Login ID"),
            f("UserId", "reference", 18, "Nfsg", to="User", rel="User", on_delete="keep"),
            f("IsFrozen", "boolean", 0, "ufsgD"),
            f("IsPasswordLocked", "boolean", 0, "ufsgD"),
            f("LastModifiedDate", "datetime", 0, "fsD"),
            f("LastModifiedById", "reference", 18, "fsgD", to="User", rel="LastModifiedBy", on_delete="keep"),
        ),
        REFERENCE,
        "V",
    ),
    label="User Login",
    plural="User Login",
    verbs="ru",
)
"""Here of users alone who were frozen once.

https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/object-userlogin.html
"""

LOGIN_HISTORY = SObject(
    "LoginHistory",
    "0Ya",
    stamped(
        (
            identity("Login History Id"),
            f("UserId", "reference", 18, "Nfsg", to="User", on_delete="keep"),
            f("LoginTime", "datetime", 0, "Nfs"),
            f("LoginType", "picklist", 40, "fsgR"),
            f("SourceIp", "string", 39, "Nsg", label="Source IP"),
            f("LoginUrl", "string", 255, "Nfsg", label="Login URL"),
            f("TlsProtocol", "picklist", 40, "NfsgR", label="TLS Protocol"),
            f("Browser", "string", 64, "Nsg"),
            f("Platform", "string", 64, "Nsg"),
            f("Status", "string", 128, "Nsg"),
            f("Application", "string", 64, "Nsg"),
            f("ClientVersion", "string", 64, "Nsg"),
            f("ApiType", "string", 64, "Nsg", label="API Type"),
            f("ApiVersion", "string", 32, "Nsg", label="API Version"),
            f("CountryIso", "string", 3, "Nfsg", label="Country Code"),
            f("AuthMethodReference", "string", 128, "Nfsg", label="Authentication Method Reference"),
            f("LoginSubType", "picklist", 40, "NfsgR", label="Login Subtype"),
            f("OptionsIsGet", "boolean", 0, "f", label="Login via GET"),
            f("OptionsIsPost", "boolean", 0, "f", label="Login via POST"),
        ),
        REFERENCE,
        "V",
    ),
    label="Login History",
    plural="Login History",
    verbs="r",
)
