"""The vendors on localhost: Microsoft Graph and Salesforce as wire protocols over one small world.

The package never imports Crosstie, and Crosstie never imports it: they meet on the wire only.

build, app, http       one WSGI application: a face's routes, faults, the request log
world                  everything that exists: `mailboxes` (the store), the orgs, what was seen
graph, salesforce      the vendors' faces, each with what it refuses
faults, switches       bad luck on demand, and doubts about the vendors with both answers
luck, spoil, doubts    faults at random, damaged answers, the register of what is a switch and why
company                three colleagues with customers, leads and deals
control, console       the sandbox's own addresses: JSON below `/sandbox`, pages for people below `/console`
cli, serve, load, state  the `sandbox` command, the socket, mail from files, the world on disk
"""
