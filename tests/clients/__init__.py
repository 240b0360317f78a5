"""Clients that nobody here wrote, unmodified, against the sandbox: they judge whether it is what it says it is.

Salesforce's are met over a plain socket (`salesforce.py` starts the org and leads a client that insists on https
to it):

- `test_simple_salesforce.py`: simple-salesforce (SOAP and OAuth sign-in, REST rows and queries, describes,
  composite, limits, replication, Bulk API 2.0);
- `test_zeep.py`: zeep, with the vendor's own partner WSDL, every SOAP operation the sandbox has;
- `test_jsforce.py`: jsforce on Node.js (SOAP sign-in, rows, queries in pages, Bulk API 2.0, identity);
- `salesforce_names.py`, in the box: simple-salesforce and jsforce under the vendor's names, over TLS.

Microsoft's work in the box alone (`box.py`, a namespace in which the vendors' own names lead to a sandbox on 443).
What runs inside lies in files that pytest does not collect by itself, and `test_box.py` runs them:

- `msal_tokens.py`: MSAL for Python (metadata, secret, certificate, the code flow and the browser, public programs,
  silent renewal, claims challenges, policies that came later);
- `o365_mail.py`, `o365_person.py`: O365 (lists, drafts, sends, answers, moves, marks, folders, large attachments,
  settings, people; a person's sign-in; change notifications);
- `product.py`: Crosstie itself needs no base address: a session, and a push that wakes it.
"""
