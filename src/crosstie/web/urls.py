"""Addresses of the server."""

from django.urls import path

from crosstie.web import backfill, blocking, blocklist, general, health, issues, linking, mail, push, sign_in

urlpatterns = [
    path("", general.page, name="general"),
    path("sync", general.strip, name="strip"),
    path("sync/force", general.force, name="force"),
    path("sync/pause", general.pause, name="pause"),
    path("sync/start", general.start, name="start"),
    path("settings/emails", general.emails, name="emails"),
    path("backfill", backfill.preview, name="backfill"),
    path("backfill/start", backfill.start, name="backfill-start"),
    path("backfill/pause", backfill.pause, name="backfill-pause"),
    path("backfill/resume", backfill.resume, name="backfill-resume"),
    path("settings/threads", general.threads, name="threads"),
    path("issues", issues.page, name="issues"),
    path("issues/list", issues.listed, name="issues-list"),
    path("issues/retry", issues.retry, name="issues-retry"),
    path("linking", linking.page, name="linking"),
    path("linking/keep", linking.keep, name="linking-keep"),
    path("blocklist", blocklist.page, name="blocklist"),
    path("blocklist/add", blocklist.add, name="blocklist-add"),
    path("blocklist/remove", blocklist.remove, name="blocklist-remove"),
    path("mail", mail.page, name="mail"),
    path("mail/unsave", mail.unsave, name="mail-unsave"),
    path("mail/block", blocking.preview, name="mail-block"),
    path("mail/block/do", blocking.do, name="mail-block-do"),
    path("mail/thread", mail.mark_thread, name="mail-thread"),
    path("mail/thread/stop", mail.stop_thread, name="mail-thread-stop"),
    path("sign-in", sign_in.page, name="sign-in"),
    path("sign-in/salesforce", sign_in.begin, name="sign-in-begin"),
    path("sign-in/salesforce/callback", sign_in.callback, name="sign-in-callback"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("push/graph", push.receive, name="push"),
    path("healthz", health.page, name="health"),
]
