"""Microsoft Graph and Microsoft's login, as wire protocols over the store of mailboxes.

face                                  every address
context, odata, filters, search       who asks, and what the query options mean
messages, drafts, attachments, delta  mail: read, written, followed; folders, users, settings beside it
subscriptions                         change notifications
login, signin, entra                  Microsoft's login, its pages and its directory
impolite, throttle                    what happens although nobody asked, and Outlook's limits
"""
